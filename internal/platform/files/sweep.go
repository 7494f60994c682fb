package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"

	"unisson/internal/platform/db"
)

const batch = 500

// Sweep removes contents of which no file speaks, and drafts of killed
// processes, once they are a day old. It tells how many contents went.
func (s *Store) Sweep(ctx context.Context, d *db.DB) (removed int, err error) {
	before := s.clock.Now().Add(-grace)
	if err := s.disk.sweepDrafts(before); err != nil {
		return 0, err
	}
	var old []string
	flush := func() error {
		n, err := s.sweep(ctx, d, old)
		removed += n
		old = old[:0]
		return err
	}
	for c, err := range s.disk.hashes() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return removed, err
		}
		stale, err := s.disk.older(c.Hash, before)
		if err != nil {
			return removed, err
		}
		if stale {
			old = append(old, c.Hash)
		}
		if len(old) == batch {
			if err := flush(); err != nil {
				return removed, err
			}
		}
	}
	return removed, flush()
}

func (s *Store) sweep(ctx context.Context, d *db.DB, hashes []string) (removed int, err error) {
	if len(hashes) == 0 {
		return 0, nil
	}
	var used map[string]bool
	err = d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		used, err = referenced(ctx, r, hashes)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, hash := range hashes {
		if used[hash] {
			continue
		}
		gone, err := s.disk.remove(hash, s.clock.Now().Add(-grace))
		if err != nil {
			return removed, err
		}
		if gone {
			removed++
		}
	}
	return removed, nil
}

// Problem is a file whose content is not what its row says.
type Problem struct {
	FileID string
	Hash   string
	What   string // "missing", "size" or "hash"
}

// Check compares every file with its content: that it is there and of the
// right size, and with deep that its bytes have the right hash.
func (s *Store) Check(ctx context.Context, r db.Reader, deep bool) ([]Problem, error) {
	var found []Problem
	after := ""
	for {
		list, err := page(ctx, r, after, batch)
		if err != nil || len(list) == 0 {
			return found, err
		}
		for _, f := range list {
			what, err := s.examine(f.Hash, f.Size, deep)
			if err != nil {
				return found, err
			}
			if what != "" {
				found = append(found, Problem{f.ID, f.Hash, what})
			}
			if f.Thumb == "" {
				continue
			}
			if what, err = s.examine(f.Thumb, -1, deep); err != nil {
				return found, err
			}
			if what != "" {
				found = append(found, Problem{f.ID, f.Thumb, what})
			}
		}
		after = list[len(list)-1].ID
	}
}

// examine looks at one content; a negative size is not compared.
func (s *Store) examine(hash string, size int64, deep bool) (what string, err error) {
	f, err := s.disk.open(hash)
	if errors.Is(err, fs.ErrNotExist) {
		return "missing", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if size >= 0 && info.Size() != size {
		return "size", nil
	}
	if !deep {
		return "", nil
	}
	return compareHash(f, hash)
}

func compareHash(f *os.File, hash string) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return "hash", nil
	}
	return "", nil
}
