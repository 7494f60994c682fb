package backup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"unisson/internal/platform/filelock"
)

// Create writes an archive to path with mode 0600, reads it back to check it,
// and only then gives it its name: path is a whole archive or not there. An
// archive that is there already is replaced only with force.
func Create(ctx context.Context, path string, s Source, force bool) (Result, error) {
	if st, err := os.Lstat(path); err == nil && !(force && st.Mode().IsRegular()) {
		if st.Mode().IsRegular() {
			return Result{}, fmt.Errorf("backup: %s is there already: choose another name, or replace it with --force", path)
		}
		return Result{}, fmt.Errorf("backup: %s is there already and is no ordinary file: choose another name", path)
	}
	tmp := path + ".tmp"
	l, err := filelock.Exclusive(tmp)
	if errors.Is(err, filelock.ErrHeld) {
		return Result{}, fmt.Errorf("backup: another backup is being written to %s", path)
	}
	if err != nil {
		return Result{}, fmt.Errorf("backup: %w", err)
	}
	defer l.Release()
	res, err := fill(ctx, l.File(), s)
	if err == nil {
		_, err = verifyFile(l.File(), s.Keys)
	}
	if runtime.GOOS == "windows" {
		l.Release() // an open file cannot be renamed there
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return Result{}, errors.Join(err, os.Remove(tmp))
	}
	return res, syncDir(filepath.Dir(path))
}

// fill writes the archive into a file that an earlier try may have left.
func fill(ctx context.Context, f *os.File, s Source) (Result, error) {
	if err := errors.Join(f.Truncate(0), f.Chmod(0o600)); err != nil {
		return Result{}, fmt.Errorf("backup: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	res, err := Write(ctx, w, s)
	if err != nil {
		return Result{}, err
	}
	if err := errors.Join(w.Flush(), f.Sync()); err != nil {
		return Result{}, fmt.Errorf("backup: %w", err)
	}
	return res, nil
}

// syncDir makes names in a folder survive a power cut. Systems that cannot sync
// a folder say so with an error that means nothing here.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
