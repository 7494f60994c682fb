package auth

import (
	"context"
	"net/netip"
	"testing"

	"golang.org/x/crypto/argon2"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/secret"
)

// Touch changes the session of a request without meaning.
func (s *Service) Touch(ctx context.Context) { s.sessions.Put(ctx, keyNext, "/") }

// CheckPassword gives the code of what is wrong with a password.
func CheckPassword(password string, about ...string) string {
	var f errs.Fields
	checkPassword(&f, "password", password, about...)
	if len(f) == 0 {
		return ""
	}
	return f[0].Code
}

// Hasher is the hasher, for its own tests.
type Hasher struct{ h *hasher }

func NewHasher(k *secret.Keys) Hasher                               { return Hasher{newHasher(k.Subkey("test"))} }
func (h Hasher) Hash(ctx context.Context, p string) (string, error) { return h.h.hash(ctx, p) }
func (h Hasher) Verify(ctx context.Context, e, p string) (r, s bool, err error) {
	return h.h.verify(ctx, e, p)
}
func (h Hasher) Slots() int { return cap(h.h.slots) }
func (h Hasher) Busy() int  { return len(h.h.slots) }

// Fill takes all slots for good.
func (h Hasher) Fill() {
	for range cap(h.h.slots) {
		h.h.slots <- struct{}{}
	}
}

// WeakenHash stores a hash of password as an older release would have made it.
func (s *Service) WeakenHash(t *testing.T, d *db.DB, userID, password string) {
	t.Helper()
	c := cost{memory: 64, time: 1, lanes: 1}
	salt := []byte("0123456789abcdef")
	sum, err := s.hasher.sum(context.Background(), c, salt, password)
	if err != nil || len(sum) != hashSize || argon2.Version != 19 {
		t.Fatal(err)
	}
	err = d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
		_, err := updatePassword(ctx, tx, userID, phc(c, salt, sum), Active)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// StoredHash reads the hash of somebody's password.
func StoredHash(t *testing.T, d *db.DB, userID string) string {
	t.Helper()
	var u userRow
	err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) (err error) {
		u, err = selectUser(ctx, r, userID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u.hash
}

// Place is what counts as one address.
func Place(a netip.Addr) string { return place(a) }

// UpdatePassword writes a password that was hashed while somebody was active, as a late request does.
func UpdatePassword(ctx context.Context, tx db.Tx, userID, hash string) (bool, error) {
	return updatePassword(ctx, tx, userID, hash, Active)
}

// Open makes the session of somebody who proved who he is when he was read as u.
func (s *Service) Open(ctx context.Context, u User, v Visit) error {
	return s.open(ctx, u, v, false, "test")
}

// Now is the instant of the service's clock.
func (s *Service) Now() db.Time { return s.now() }

// Cut is what is looked at of what anybody typed.
func Cut(s string) string { return cut(s) }

// TypedKey is the key of an address as it was typed.
func TypedKey(s string) string { return typedKey(s) }
