package files

import "syscall"

// noRoom lists what a system says when a file cannot grow: handle disk full,
// disk full, write protected, disk quota exceeded.
func noRoom() []error {
	return []error{syscall.Errno(39), syscall.Errno(112), syscall.Errno(19), syscall.Errno(1295)}
}
