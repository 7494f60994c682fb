//go:build !linux

package dbtest

import (
	"os"
	"os/exec"
)

// quit ends the server; elsewhere than on Linux a killed test process leaves it running.
var quit = os.Interrupt

func fastDir() string { return "" }

func giveAway(string) error { return nil }

func dieWithParent(*exec.Cmd) {}

func freeze(*os.Process) {}

func childrenOf(int) []int { return nil }

func killAllIn(string) {}
