//go:build unix

package imports_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"unisson/internal/app"
	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/secret"
)

// The environment of a process that the kill tests start: it works on one import
// until that is done, or until it is killed.
const (
	childEnv   = "UNISSON_IMPORTS_CHILD" // id of the import
	childURL   = "UNISSON_IMPORTS_URL"   // of PostgreSQL, or
	childPath  = "UNISSON_IMPORTS_PATH"  // of the SQLite file
	childFiles = "UNISSON_IMPORTS_FILES" // the data folder
)

func childMain() {
	if err := child(); err != nil {
		fmt.Fprintln(os.Stderr, "import process:", err)
		os.Exit(1)
	}
}

func child() (err error) {
	ctx := auth.AsSystem(context.Background())
	d, err := db.Open(ctx, db.Config{Path: os.Getenv(childPath), URL: os.Getenv(childURL), MaxConns: 4})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	c := &config.Config{Store: config.Store{DataDir: os.Getenv(childFiles)}, Addr: "127.0.0.1:0", PublicURL: apptest.Public, InsecureHTTP: true}
	if err := c.Validate(); err != nil {
		return err
	}
	a, err := app.New(ctx, app.Options{Config: c, DB: d, Keys: secret.Generate(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return a.Imports.Work(ctx, os.Getenv(childEnv), nil)
}
