//go:build !windows

package files

import "syscall"

// noRoom lists what a system says when a file cannot grow.
func noRoom() []error {
	return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS}
}
