//go:build !linux && !darwin && !freebsd

package main

import "errors"

// freeDisk is not known here.
func freeDisk(string) (uint64, error) { return 0, errors.ErrUnsupported }
