// Program restores an archive over data that is there, for the test that kills it at each of its crash points.
package main

import (
	"context"
	"fmt"
	"os"

	"unisson/internal/platform/backup"
	"unisson/internal/platform/config"
	"unisson/internal/platform/secret"
	"unisson/migrations"
)

func main() {
	if err := run(os.Args[1], config.Store{DataDir: os.Args[2], DatabaseURL: os.Args[3]}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(archive string, to config.Store) error {
	keys, err := secret.Read(to.KeyPath())
	if err != nil {
		return err
	}
	_, err = backup.Restore(context.Background(), archive, to, backup.Options{Keys: keys, Migrations: migrations.Files, Force: true})
	return err
}
