package secret

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	size   = 32
	header = "unisson key 1 "
)

// Open reads the key file at path, and makes it when there is none. It refuses
// a file that others than its owner may read or write.
func Open(path string) (*Keys, error) {
	k, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := create(path); err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return read(path)
}

// Read reads the key file at path and never makes one, for commands that must
// not start with a fresh key.
func Read(path string) (*Keys, error) { return read(path) }

func read(path string) (*Keys, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	// Windows keeps rights in lists that a mode does not show.
	if mode := st.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, fmt.Errorf("key file %s may be read by others (mode %04o): run chmod 600 on it, then start again", path, mode)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	text, ok := strings.CutPrefix(string(data), header)
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if !ok || err != nil || len(raw) != size {
		return nil, fmt.Errorf("key file %s is not a key file of Unisson, or it is cut short: put back the copy you kept of it", path)
	}
	return derive(raw)
}

// create writes a new file whole or not at all. When another process made one
// meanwhile, that one stands.
func create(path string) error {
	raw := make([]byte, size)
	_, _ = rand.Read(raw) // crypto/rand never fails: it ends the program instead
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "%s%x\n", header, raw)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	// A link, unlike a rename, never replaces the file of another process.
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync() // not every system syncs folders
		_ = d.Close()
	}
	return nil
}
