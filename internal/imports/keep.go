package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"unisson/internal/imports/table"
	"unisson/internal/platform/errs"
)

// folder keeps the files as they came, each under the id of its import.
type folder struct{ dir string }

// kept is a file on disk that no import speaks of yet.
type kept struct {
	temp string
	hash string
	size int64
}

// keep writes what r gives, whole and synced, under a temporary name.
func (f folder) keep(ctx context.Context, r io.Reader) (kept, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return kept{}, errs.Wrap("keep file", err)
	}
	out, err := os.CreateTemp(f.dir, ".new-*")
	if err != nil {
		return kept{}, errs.Wrap("keep file", err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), io.LimitReader(r, table.MaxStream+1))
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return kept{}, errors.Join(errs.Wrap("keep file", err), os.Remove(out.Name()))
	}
	return kept{temp: out.Name(), hash: hex.EncodeToString(h.Sum(nil)), size: n}, nil
}

func (f folder) path(id string) string { return filepath.Join(f.dir, id+".file") }

// place gives a kept file its name.
func (f folder) place(k kept, id string) error {
	return errs.Wrap("keep file", os.Rename(k.temp, f.path(id)))
}

func (f folder) drop(k kept) { _ = os.Remove(k.temp) } // what stays is swept with the day

// open opens the file of an import, to be read as a table.
func (f folder) open(i Import) (table.Source, io.Closer, error) {
	in, err := os.Open(f.path(i.ID))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, errs.Conflict("imports.errors.file_gone")
	}
	if err != nil {
		return nil, nil, errs.Wrap("open file", err)
	}
	return table.NewSource(in, i.Size, i.Name), in, nil
}

func (f folder) remove(id string) error {
	err := os.Remove(f.path(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
