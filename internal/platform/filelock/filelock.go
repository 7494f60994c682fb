package filelock

import (
	"errors"
	"fmt"
	"os"
)

// ErrHeld says that another process holds the lock.
var ErrHeld = errors.New("another process holds the lock")

// Lock is a lock that is held.
type Lock struct{ f *os.File }

// Shared takes the lock at path beside other shared holders, or fails at once
// with ErrHeld. The file is made when missing and stays.
func Shared(path string) (*Lock, error) { return take(path, false) }

// Exclusive takes the lock at path alone, or fails at once with ErrHeld.
func Exclusive(path string) (*Lock, error) { return take(path, true) }

func take(path string, alone bool) (*Lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		if err := lock(f, alone); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// The last holder may have renamed or removed the file meanwhile: then
		// this lock is on a file that is no longer there.
		mine, err := f.Stat()
		there, thereErr := os.Stat(path)
		if err == nil && thereErr == nil && os.SameFile(mine, there) {
			return &Lock{f: f}, nil
		}
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
	}
}

// File is the locked file, which the holder may write.
func (l *Lock) File() *os.File { return l.f }

// Release gives the lock back. It may be called twice, and on nil.
func (l *Lock) Release() {
	if l != nil && l.f != nil {
		_ = l.f.Close()
		l.f = nil
	}
}
