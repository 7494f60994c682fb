package backup

import (
	"fmt"
	"io"
	"os"

	"unisson/internal/platform/secret"
)

// Verify reads a whole archive and checks everything about it that can be
// checked without a database: seal, key, form, every hash and count.
func Verify(path string, keys *secret.Keys) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("restore: %w", err)
	}
	defer f.Close()
	return verifyFile(f, keys)
}

func verifyFile(f *os.File, keys *secret.Keys) (Manifest, error) {
	st, err := f.Stat()
	if err != nil {
		return Manifest{}, fmt.Errorf("restore: %w", err)
	}
	if !st.Mode().IsRegular() {
		return Manifest{}, ErrNotBackup
	}
	return verify(f, st.Size(), keys)
}

func verify(r io.ReaderAt, size int64, keys *secret.Keys) (Manifest, error) {
	body, forged, err := openSeal(r, size)
	if err != nil {
		return Manifest{}, err
	}
	return walk(io.NewSectionReader(r, 0, body), visitor{
		header: func(h Header) error {
			if h.Key != keys.Fingerprint() {
				return OtherKeyError{Archive: h.Key, File: keys.Fingerprint()}
			}
			return forged(keys)
		},
	})
}
