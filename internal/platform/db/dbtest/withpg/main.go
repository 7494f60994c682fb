// Withpg runs a command with one private PostgreSQL server for all of it:
//
//	go run ./internal/platform/db/dbtest/withpg -- go test ./...
//
// The command finds the server's address in UNISSON_TEST_POSTGRES; when that is set already, it is left alone. The exit
// code is the command's.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"unisson/internal/platform/db/dbtest"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpg [--] COMMAND ARGUMENT…")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	if os.Getenv("UNISSON_TEST_POSTGRES") == "" {
		s, err := dbtest.Launch(dbtest.Options{})
		if err != nil {
			return 1, fmt.Errorf("%w\nscripts/setup-tests installs it", err)
		}
		defer s.Stop()
		cmd.Env = append(cmd.Env, "UNISSON_TEST_POSTGRES="+s.URL("postgres"))
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	go func() {
		for s := range stop {
			_ = cmd.Process.Signal(s)
		}
	}()
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
