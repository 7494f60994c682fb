package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"unisson/internal/platform/crash"
	"unisson/internal/platform/errs"
)

// incoming is the folder of contents being written; backup passes over it
// because of the dot.
const incoming = ".incoming"

// Content is what lies on disk.
type Content struct {
	Hash string // SHA-256, lower-case hex
	Size int64
}

// disk keeps contents in a folder.
type disk struct {
	dir string
	// sweeping keeps a sweep from removing a content at the moment at which
	// somebody brings it again.
	sweeping sync.Mutex
}

func validHash(hash string) bool {
	b, err := hex.DecodeString(hash)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == hash
}

func (d *disk) path(hash string) string { return filepath.Join(d.dir, hash[:2], hash[2:4], hash) }

// errTooLong reports more bytes than allowed.
var errTooLong = errors.New("files: too long")

// draft is a content being written. Exactly one of keep and drop ends it; drop
// after keep does nothing.
type draft struct {
	f    *os.File
	hash string
	size int64
}

// write copies r into a draft, at most limit bytes, and syncs it. The name of a
// draft begins with its time by our own clock, by which sweeps count.
func (d *disk) write(r io.Reader, limit int64, now time.Time) (*draft, error) {
	dir := filepath.Join(d.dir, incoming)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, full(err)
	}
	f, err := os.CreateTemp(dir, strconv.FormatInt(now.Unix(), 10)+"-")
	if err != nil {
		return nil, full(err)
	}
	dr := &draft{f: f}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = errTooLong
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		dr.drop()
		return nil, full(err)
	}
	dr.hash, dr.size = hex.EncodeToString(sum.Sum(nil)), n
	crash.Here("files.after_draft")
	return dr, nil
}

func (dr *draft) drop() {
	_ = dr.f.Close()
	_ = os.Remove(dr.f.Name())
}

// keep gives the draft its place. A content that is there already is made
// young again, so that no sweep takes it before its new row is committed.
func (d *disk) keep(dr *draft, now time.Time) (Content, error) {
	if err := dr.f.Close(); err != nil {
		return Content{}, full(err)
	}
	c := Content{Hash: dr.hash, Size: dr.size}
	target := d.path(c.Hash)
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return Content{}, full(err)
	}
	d.sweeping.Lock()
	defer d.sweeping.Unlock()
	if err := os.Chtimes(dr.f.Name(), now, now); err != nil {
		return Content{}, full(err)
	}
	if err := os.Rename(dr.f.Name(), target); err != nil {
		return Content{}, full(err)
	}
	for _, dir := range []string{folder, filepath.Dir(folder), d.dir} {
		if err := syncDir(dir); err != nil {
			return Content{}, full(err)
		}
	}
	crash.Here("files.after_keep")
	return c, nil
}

func (d *disk) open(hash string) (*os.File, error) {
	if !validHash(hash) {
		return nil, errs.NotFound("content")
	}
	f, err := os.Open(d.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("files: content %s is missing: %w", hash, err)
	}
	return f, err
}

// hashes yields every content in order of its hash. What else lies in the
// folder is passed over.
func (d *disk) hashes() iter.Seq2[Content, error] {
	return func(yield func(Content, error) bool) {
		err := filepath.WalkDir(d.dir, func(name string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil // removed meanwhile, or nothing was ever kept
			case err != nil:
				return err
			case e.IsDir() && e.Name() == incoming:
				return fs.SkipDir
			case e.IsDir() || !validHash(e.Name()) || name != d.path(e.Name()):
				return nil
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if !yield(Content{Hash: e.Name(), Size: info.Size()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Content{}, err)
		}
	}
}

// remove removes a content that nobody brought again since before.
func (d *disk) remove(hash string, before time.Time) (bool, error) {
	d.sweeping.Lock()
	defer d.sweeping.Unlock()
	old, err := d.older(hash, before)
	if err != nil || !old {
		return false, err
	}
	return true, os.Remove(d.path(hash))
}

func (d *disk) older(hash string, before time.Time) (bool, error) {
	info, err := os.Stat(d.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.ModTime().Before(before), err
}

// sweepDrafts removes drafts that a killed process left behind.
func (d *disk) sweepDrafts(before time.Time) error {
	dir := filepath.Join(d.dir, incoming)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		text, _, _ := strings.Cut(e.Name(), "-")
		made, parseErr := strconv.ParseInt(text, 10, 64)
		if parseErr == nil && time.Unix(made, 0).Before(before) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there; renames are journalled
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	return errors.Join(err, f.Close())
}

// full tells a disk without room from other failures.
func full(err error) error {
	for _, no := range noRoom() {
		if errors.Is(err, no) {
			return &errs.Error{Kind: errs.KindUnavailable, Code: "files.errors.disk_full", RetryAfter: time.Minute, Err: err}
		}
	}
	return err
}
