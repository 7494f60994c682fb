//go:build linux || darwin || freebsd

package main

import "syscall"

// freeDisk is how many bytes are free where dir is.
func freeDisk(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil // the fields differ between systems
}
