package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// fileWriter writes attached files into a folder that nothing else uses; it
// cannot leave that folder.
type fileWriter struct {
	dir  string
	root *os.Root
}

func newFileWriter(dir string) (*fileWriter, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &fileWriter{dir: dir, root: root}, nil
}

func (w *fileWriter) close() { _ = w.root.Close() }

func (w *fileWriter) write(name string, size int64, r io.Reader) error {
	if err := w.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return hostile("two files %q", name)
	}
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// moveFiles puts the files of one folder beside those of another. A file of the
// same name that is there already is moved to aside. Called again after a
// crash, it goes on where it stopped.
func moveFiles(from, to, aside string) error {
	var names []string
	err := filepath.WalkDir(from, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, p)
		names = append(names, rel)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	dirs := map[string]bool{}
	for _, name := range names {
		target := filepath.Join(to, name)
		if err := moveAside(target, filepath.Join(aside, name)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(from, name), target); err != nil {
			return err
		}
		dirs[filepath.Dir(target)] = true
	}
	for dir := range dirs {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// moveAside moves what is at path to aside, if anything is.
func moveAside(path, aside string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(aside); err == nil {
		return fmt.Errorf("%s is there already", aside)
	}
	if err := os.MkdirAll(filepath.Dir(aside), 0o700); err != nil {
		return err
	}
	return os.Rename(path, aside)
}
