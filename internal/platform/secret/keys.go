package secret

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"unisson/internal/platform/db"
)

// Keys are the keys derived from one key file. Safe for concurrent use.
type Keys struct {
	raw         []byte
	fingerprint string
}

// Generate makes keys that are in no file, for tests and throw-away databases.
func Generate() *Keys {
	raw := make([]byte, size)
	_, _ = rand.Read(raw) // crypto/rand never fails: it ends the program instead
	k, err := derive(raw)
	if err != nil {
		panic(err)
	}
	return k
}

func derive(raw []byte) (*Keys, error) {
	f, err := hkdf.Key(sha256.New, raw, nil, "unisson fingerprint", 8)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return &Keys{raw: raw, fingerprint: hex.EncodeToString(f)}, nil
}

// Fingerprint names the key file without revealing it: 16 hexadecimal digits.
func (k *Keys) Fingerprint() string { return k.fingerprint }

// Subkey gives 32 bytes for one purpose; other purposes give unrelated bytes.
func (k *Keys) Subkey(purpose string) []byte {
	b, err := hkdf.Key(sha256.New, k.raw, nil, "unisson "+purpose, 32)
	if err != nil {
		panic(err) // only a length beyond 8,160 bytes fails
	}
	return b
}

// Hash gives the keyed hash of s for one purpose, as 64 hexadecimal digits.
// Whoever has the database but not the key file can neither compute it nor try
// values against it.
func (k *Keys) Hash(purpose, s string) string {
	m := hmac.New(sha256.New, k.Subkey("hash "+purpose))
	m.Write([]byte(s))
	return hex.EncodeToString(m.Sum(nil))
}

// ErrSealed says that a sealed text was made with another key, for another
// purpose or owner, or was altered.
var ErrSealed = errors.New("secret: this sealed text does not open")

const sealVersion = "1."

// Seal encrypts plain so that only Unseal with the same purpose and owner opens
// it. The owner (the id of the row) keeps sealed texts from being swapped
// between rows.
func (k *Keys) Seal(purpose, owner string, plain []byte) string {
	c := k.cipher(purpose)
	nonce := make([]byte, c.NonceSize(), c.NonceSize()+len(plain)+c.Overhead())
	_, _ = rand.Read(nonce)
	return sealVersion + base64.RawURLEncoding.EncodeToString(c.Seal(nonce, nonce, plain, []byte(owner)))
}

// Unseal opens what Seal made, or fails with ErrSealed.
func (k *Keys) Unseal(purpose, owner, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, sealVersion)
	b, err := base64.RawURLEncoding.DecodeString(text)
	c := k.cipher(purpose)
	if !ok || err != nil || len(b) < c.NonceSize() {
		return nil, ErrSealed
	}
	plain, err := c.Open(nil, b[:c.NonceSize()], b[c.NonceSize():], []byte(owner))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (k *Keys) cipher(purpose string) cipher.AEAD {
	c, err := chacha20poly1305.NewX(k.Subkey("seal " + purpose))
	if err != nil {
		panic(err) // only a key of another length fails
	}
	return c
}

// FingerprintSetting is where the database remembers its key file.
const FingerprintSetting = "key_fingerprint"

// OtherKeyError says that the database was written with another key file.
type OtherKeyError struct{ Database, File string }

// Error says what to do.
func (e OtherKeyError) Error() string {
	return fmt.Sprintf("this database was written with key file %s, and the one given is %s: put the right file back, or name it with --key-file; nothing was changed",
		e.Database, e.File)
}

// Bind ties a new database to this key file, and refuses a database that is
// tied to another one with OtherKeyError.
func (k *Keys) Bind(ctx context.Context, d *db.DB) error {
	err := d.Read(ctx, func(ctx context.Context, r db.Reader) error { return k.Check(ctx, r) })
	if err != errUnbound {
		return err
	}
	return d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := k.Check(ctx, tx.Reader); err != errUnbound {
			return err
		}
		return db.SetSetting(ctx, tx, FingerprintSetting, k.fingerprint)
	})
}

var errUnbound = errors.New("secret: this database knows no key file yet")

// Check compares the key file with the one that the database remembers.
func (k *Keys) Check(ctx context.Context, r db.Reader) error {
	known, err := db.Setting(ctx, r, FingerprintSetting)
	switch {
	case err != nil:
		return err
	case known == "":
		return errUnbound
	case known != k.fingerprint:
		return OtherKeyError{Database: known, File: k.fingerprint}
	}
	return nil
}
