package auth

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// NewRecoveryCodes makes ten new recovery codes; the old ones end. They are
// shown this once.
func (s *Service) NewRecoveryCodes(ctx context.Context, v Visit) ([]string, error) {
	const op = "new recovery codes"
	if err := s.requireFresh(ctx); err != nil {
		return nil, errs.Wrap(op, err)
	}
	var codes []string
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.stillIn(ctx, tx); err != nil {
			return err
		}
		u, err := selectUser(ctx, tx.Reader, From(ctx).UserID)
		if err != nil {
			return err
		}
		if !u.HasFactor {
			return errs.Conflict("auth.error.factor_absent")
		}
		if codes, err = s.makeRecovery(ctx, tx, u.ID); err != nil {
			return err
		}
		return s.note(ctx, tx, LogRecoveryMade, u.ID, v, "")
	})
	return codes, errs.Wrap(op, err)
}

// RecoveryLeft tells how many recovery codes of the signed-in person still work.
func (s *Service) RecoveryLeft(ctx context.Context) (n int, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		n, err = countRecovery(ctx, r, From(ctx).UserID)
		return err
	})
	return n, errs.Wrap("recovery codes left", err)
}

// recoverySigns leaves out what is easily read as something else.
const recoverySigns = "23456789abcdefghjkmnpqrstuvwxyz"

func (s *Service) makeRecovery(ctx context.Context, tx db.Tx, userID string) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		var b strings.Builder
		for j := range 12 { // 59 bits
			if j > 0 && j%4 == 0 {
				b.WriteByte('-')
			}
			b.WriteByte(randomSign(recoverySigns))
		}
		codes[i] = b.String()
		hashes[i] = s.recoveryHash(userID, codes[i])
	}
	return codes, replaceRecovery(ctx, tx, userID, hashes)
}

// randomSign draws one sign, each as likely as the others.
func randomSign(signs string) byte {
	var b [1]byte
	for {
		_, _ = rand.Read(b[:])
		if int(b[0]) < 256-256%len(signs) {
			return signs[int(b[0])%len(signs)]
		}
	}
}

func (s *Service) recoveryHash(userID, code string) string {
	return s.keys.Hash("recovery", userID+" "+plainCode(code))
}

// plainCode takes a code as people type it: with spaces, dashes, capitals.
func plainCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u202f", "", "\t", "").Replace(cut(code)))
}

func allDigits(s string) bool {
	_, err := strconv.ParseUint(s, 10, 32)
	return err == nil
}
