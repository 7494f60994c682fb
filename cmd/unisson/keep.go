package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/backup"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/files"
	"unisson/internal/platform/instance"
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
	at, latest, err := i.DB.SchemaVersion(ctx, migrations.Files)
	if err == nil {
		fmt.Printf("The database is at version %d of %d.\n", at, latest)
	}
	return errors.Join(err, i.Close())
}

type backupCmd struct {
	config.Store `embed:""`
	File         string `arg:"" type:"path" help:"The file to write."`
	Force        bool   `help:"Replace a backup that is there."`
}

// Run writes the archive while others go on working. It does not migrate: one
// keeps what is there before an upgrade.
func (c *backupCmd) Run(ctx context.Context) error {
	i, err := instance.Open(ctx, instance.Options{Store: c.Store, Migrations: migrations.Files, AsItIs: true})
	if err != nil {
		return err
	}
	res, err := backup.Create(ctx, c.File, backup.Source{DB: i.DB, Files: c.Files(), Keys: i.Keys, Program: config.Release(),
		Check: func(ctx context.Context, r db.Reader) ([]string, error) { return missingFiles(ctx, c.Store, i.DB, r) }}, c.Force)
	if err = errors.Join(err, i.Close()); err != nil {
		return err
	}
	fmt.Printf("%s: %d rows of %d tables and %d files in %d bytes, read back and verified.\n", c.File, res.Rows(), len(res.Tables), len(res.Files), res.Size)
	for _, s := range res.Skipped {
		fmt.Printf("Left out, none of ours: %s\n", s)
	}
	fmt.Printf("The key is not in it: keep a copy of %s apart.\n", c.KeyPath())
	if n := len(res.Missing); n > 0 {
		return fmt.Errorf("the backup is whole, but %d attached files were gone before it, such as %s: an older backup may still hold them", n, res.Missing[0])
	}
	return nil
}

// missingFiles names the attached files that rows speak of and that are not on
// disk as they should be.
func missingFiles(ctx context.Context, s config.Store, d *db.DB, r db.Reader) ([]string, error) {
	if at, _, err := d.SchemaVersion(ctx, migrations.Files); err != nil || at < filesSince {
		return nil, err
	}
	problems, err := files.New(s.Files(), d.Clock()).Check(ctx, r, false)
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%s (%s)", p.Hash, p.What))
	}
	return out, err
}

// filesSince is the version of the database that brought attached files.
const filesSince = 7

type restoreCmd struct {
	config.Store `embed:""`
	File         string `arg:"" type:"path" help:"The file to restore."`
	Force        bool   `help:"Move data that is there aside first."`
}

// Run verifies the whole archive and only then restores it.
func (c *restoreCmd) Run(ctx context.Context) error {
	keys, err := secret.Read(c.KeyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the key file %s is missing, and a backup needs the key it was written with: put your copy there, or name it with --key-file", c.KeyPath())
	}
	if err != nil {
		return err
	}
	res, err := backup.Restore(ctx, c.File, c.Store, backup.Options{Keys: keys, Migrations: migrations.Files, Force: c.Force, Finish: auth.AfterRestore})
	if err != nil {
		return err
	}
	fmt.Printf("Restored %d rows of %d tables and %d files, each verified, as they were on %s.\n",
		res.Rows(), len(res.Tables), len(res.Files), res.CreatedAt.Format("2006-01-02 15:04:05 MST"))
	if res.Aside != "" {
		fmt.Printf("What was there before is now in %s.\n", res.Aside)
	}
	fmt.Println("Everybody signs in again; links from mails that were not used yet have ended. API keys work as they did on that day: everybody looks through theirs.")
	return nil
}
