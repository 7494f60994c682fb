package main

import (
	"context"
	"fmt"

	"unisson/internal/platform/backup"
	"unisson/internal/platform/config"
	"unisson/internal/platform/secret"
	"unisson/migrations"
)

type migrateCmd struct {
	config.Store `embed:""`
}

// Run opens the installation, which migrates it.
func (c *migrateCmd) Run(ctx context.Context) error {
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	defer i.Close()
	at, latest, err := i.DB.SchemaVersion(ctx, migrations.Files)
	if err == nil {
		fmt.Printf("The database is at version %d of %d.\n", at, latest)
	}
	return err
}

type backupCmd struct {
	config.Store `embed:""`
	File         string `arg:"" help:"The file to write."`
	Force        bool   `help:"Replace a file that is there."`
}

// Run writes the archive while others go on working.
func (c *backupCmd) Run(ctx context.Context) error {
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	defer i.Close()
	res, err := backup.Create(ctx, c.File, backup.Source{DB: i.DB, Files: c.Files(), Keys: i.Keys, Program: config.Release()}, c.Force)
	if err != nil {
		return err
	}
	rows, files := int64(0), len(res.Manifest.Files)
	for _, t := range res.Manifest.Tables {
		rows += t.Rows
	}
	fmt.Printf("%s: %d rows in %d tables, %d files, %d bytes; read back and verified.\n", c.File, rows, len(res.Manifest.Tables), files, res.Size)
	for _, s := range res.Skipped {
		fmt.Printf("Left out, none of ours: %s\n", s)
	}
	fmt.Printf("The key is not in it: keep a copy of %s apart.\n", c.KeyPath())
	return nil
}

type restoreCmd struct {
	config.Store `embed:""`
	File         string `arg:"" help:"The file to restore."`
	Force        bool   `help:"Move data that is there aside first."`
}

// Run verifies the whole archive and only then restores it.
func (c *restoreCmd) Run(ctx context.Context) error {
	if err := c.Store.Validate(); err != nil {
		return err
	}
	keys, err := secret.Read(c.KeyPath())
	if err != nil {
		return fmt.Errorf("the key file of the backup is needed: name it with --key-file: %w", err)
	}
	res, err := backup.Restore(ctx, c.File, c.Store, backup.Options{Keys: keys, Migrations: migrations.Files, Force: c.Force})
	if err != nil {
		return err
	}
	fmt.Printf("Restored %s into %s: every row and file verified.\n", c.File, c.DataDir)
	if res.Aside != "" {
		fmt.Printf("What was there before is now in %s.\n", res.Aside)
	}
	return nil
}
