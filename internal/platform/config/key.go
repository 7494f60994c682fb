package config

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Key is the secret of an installation. It is never used itself: each purpose
// derives a key of its own. The zero Key is not usable.
type Key struct{ secret []byte }

const (
	keyLabel = "unisson-key-1 "
	keyBytes = 32
)

// NewKey makes a key from 32 secret bytes.
func NewKey(secret []byte) (Key, error) {
	if len(secret) != keyBytes {
		return Key{}, fmt.Errorf("a key is %d bytes long, not %d", keyBytes, len(secret))
	}
	return Key{secret: append([]byte(nil), secret...)}, nil
}

// LoadKey reads the key file, and makes it with mode 0600 when it is missing
// and create says so. It refuses a file that other accounts may read.
func LoadKey(path string, create bool) (Key, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !create {
			return Key{}, fmt.Errorf("the key file %s is missing: put back the copy that you keep apart, or name it with --key-file", path)
		}
		if err := makeKey(path); err != nil {
			return Key{}, fmt.Errorf("make the key file: %w", err)
		}
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("read the key file: %w", err)
	}
	if err := private(path); err != nil {
		return Key{}, err
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(string(data)), keyLabel)
	secret, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(secret) != keyBytes {
		return Key{}, fmt.Errorf("%s is not a key file of Unisson, or it is damaged: put back the copy that you keep apart", path)
	}
	return NewKey(secret)
}

// makeKey writes a new key beside path and links it in place, so that two
// processes that start at once agree on one key and a crash leaves no half one.
func makeKey(path string) error {
	secret := make([]byte, keyBytes)
	rand.Read(secret) // never fails
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".unisson-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(keyLabel + base64.StdEncoding.EncodeToString(secret) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return os.Rename(f.Name(), path) // a file system without links
	}
	return nil
}

func private(path string) error {
	if runtime.GOOS == "windows" {
		return nil // its modes say nothing about other accounts
	}
	st, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read the key file: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("the key file %s may be read by other accounts (mode %04o): chmod 600 it", path, st.Mode().Perm())
	}
	return nil
}

// Derive gives n secret bytes for one purpose; other purposes tell nothing
// about them.
func (k Key) Derive(purpose string, n int) []byte {
	if len(k.secret) != keyBytes {
		panic("config: the zero Key derives nothing")
	}
	out, err := hkdf.Key(sha256.New, k.secret, nil, "unisson "+purpose, n)
	if err != nil {
		panic("config: " + err.Error()) // n is absurdly large
	}
	return out
}

// Fingerprint names the key without telling it.
func (k Key) Fingerprint() string {
	s := hex.EncodeToString(k.Derive("fingerprint", 8))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// String keeps the secret out of logs and messages.
func (k Key) String() string { return "key " + k.Fingerprint() }

// GoString does the same for %#v.
func (k Key) GoString() string { return k.String() }
