package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	_ "time/tzdata" // zones on machines without them

	"github.com/alecthomas/kong"

	"unisson/internal/platform/config"
)

// cli is the command line.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve the product."`
	Demo    demoCmd    `cmd:"" help:"Serve a fictional company on this machine, to look around."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to this release, without serving it."`
	Doctor  doctorCmd  `cmd:"" help:"Check versions, database, disk, mail and clock; print who may do what."`
	Backup  backupCmd  `cmd:"" help:"Write everything but the key into one file, while others go on working."`
	Restore restoreCmd `cmd:"" help:"Verify such a file as a whole, then restore it into an empty place."`
	Import  importCmd  `cmd:"" help:"Bring a file in, or take an import back: import account FILE, import undo ID."`
	User    userCmd    `cmd:"" help:"Let people in, reset their password, shut them out."`
	Token   tokenCmd   `cmd:"" help:"Make API tokens."`
	Version versionCmd `cmd:"" help:"Print the release."`
}

type versionCmd struct{}

// Run prints the release.
func (versionCmd) Run() error {
	fmt.Printf("unisson %s (%s, %s/%s)\n", config.Release(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// The exit codes.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitUnread = exitUsage // a file that cannot be read
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("unisson"), kong.Description("Sales and marketing, in unison."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 120}))
	if err != nil {
		return fail(err, exitFailed)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	words, err := parser.Parse(args) // asks each Validate too
	if err != nil {
		fail(err, exitUsage)
		fmt.Fprintln(os.Stderr, "All commands and flags: unisson --help, unisson COMMAND --help")
		return exitUsage
	}
	ctx, stop := untilSignal()
	defer stop()
	words.BindTo(ctx, (*context.Context)(nil))
	if err := words.Run(); err != nil {
		if refused := (unreadable{}); errors.As(err, &refused) {
			return fail(err, exitUnread)
		}
		return fail(err, exitFailed)
	}
	return exitOK
}

// untilSignal gives a context that ends at the first signal, which asks for a
// graceful stop. The second ends the process at once, as if nobody listened.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	heard := make(chan os.Signal, 2)
	signal.Notify(heard, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-heard
		cancel()
		again := <-heard
		signal.Reset(os.Interrupt, syscall.SIGTERM)
		if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(again) == nil {
			select {} // the signal itself ends the process
		}
		os.Exit(exitFailed)
	}()
	return ctx, cancel
}

func fail(err error, code int) int {
	fmt.Fprintln(os.Stderr, "unisson:", inWords(err))
	return code
}
