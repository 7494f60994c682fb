package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"unisson/internal/platform/errs"
)

// cost says how hard a password hash is to compute.
type cost struct {
	memory, time uint32 // KiB, passes
	lanes        uint8
}

// today's cost: 19 MiB and two passes, about 30 ms.
func currentCost() cost { return cost{memory: 19 * 1024, time: 2, lanes: 1} }

const (
	saltSize = 16
	hashSize = 32
)

// hasher hashes passwords with argon2id. Each hash takes 19 MiB, so few run at
// once: a burst of sign-ins waits instead of taking the machine's memory.
type hasher struct {
	pepper []byte // without the key file, a copied database cannot be guessed against
	slots  chan struct{}
	dummy  string // compared with when there is no account, so that it takes as long
}

func newHasher(pepper []byte) *hasher {
	h := &hasher{pepper: pepper, slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // crypto/rand never fails: it ends the program instead
	h.dummy = phc(currentCost(), salt, make([]byte, hashSize))
	return h
}

// hash gives the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt)
	c := currentCost()
	sum, err := h.sum(ctx, c, salt, password)
	if err != nil {
		return "", err
	}
	return phc(c, salt, sum), nil
}

// verify compares password with a PHC string. An empty one is compared with the
// dummy, and never right. stale tells that the hash is due for today's cost.
func (h *hasher) verify(ctx context.Context, encoded, password string) (right, stale bool, err error) {
	if encoded == "" {
		encoded = h.dummy
	}
	c, salt, want, ok := parsePHC(encoded)
	if !ok {
		return false, false, fmt.Errorf("auth: a stored password hash cannot be read")
	}
	sum, err := h.sum(ctx, c, salt, password)
	if err != nil {
		return false, false, err
	}
	right = subtle.ConstantTimeCompare(sum, want) == 1 && encoded != h.dummy
	return right, right && c != currentCost(), nil
}

func (h *hasher) sum(ctx context.Context, c cost, salt []byte, password string) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, errs.Unavailable("errors.cancelled", 2*time.Second)
	}
	// Accented letters are typed in two forms, according to the machine.
	m := hmac.New(sha256.New, h.pepper)
	m.Write([]byte(norm.NFC.String(password)))
	return argon2.IDKey(m.Sum(nil), salt, c.time, c.memory, c.lanes, hashSize), nil
}

func phc(c cost, salt, sum []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.lanes, b.EncodeToString(salt), b.EncodeToString(sum))
}

func parsePHC(s string) (c cost, salt, sum []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.lanes); n != 3 || err != nil {
		return c, nil, nil, false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return c, nil, nil, false
	}
	sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	// A foreign row must not make us spend a gigabyte.
	ok = err == nil && len(sum) == hashSize && c.memory >= 8 && c.memory <= 256*1024 && c.time >= 1 && c.time <= 10 && c.lanes >= 1 && c.lanes <= 4
	return c, salt, sum, ok
}
