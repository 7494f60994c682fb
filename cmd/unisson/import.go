package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"unisson/internal/app"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
)

type importCmd struct {
	office    `embed:""`
	Target    string   `arg:"" help:"What the rows are: account, contact. Or the word undo."`
	File      string   `arg:"" help:"CSV, XLSX, vCard, JSON lines, or a ZIP of one. After undo: the id of the import."`
	Mapping   string   `placeholder:"FILE" type:"existingfile" help:"JSON that says what each column means: {\"columns\": {\"Header\": \"field\"}}. Without it the columns are guessed."`
	Key       string   `placeholder:"FIELD" default:"auto" help:"By which field rows that are there already are found: id, external_id, email, siret, siren, vat."`
	Set       []string `placeholder:"FIELD=VALUE" sep:"none" help:"A value of every row; once or several times."`
	Delimiter string   `help:"Separator of a CSV file, when the guess is wrong; tab for a tabulator."`
	Encoding  string   `help:"Encoding, such as windows-1252, when the guess is wrong."`
	Sheet     string   `help:"Sheet of a workbook."`
	Day       string   `placeholder:"YYYY-MM-DD" help:"Day on which the file was made (default: that of its last change): what people wrote since is not overwritten."`
	Overwrite bool     `help:"Overwrite what is newer or locked too."`
	DryRun    bool     `help:"Count what would happen, and change nothing."`
	JSON      bool     `name:"json" help:"Print the summary as JSON."`
}

// unreadable is a file that is no table, or none that can be trusted.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// summary is what an import prints.
type summary struct {
	Rows      int64             `json:"rows"`
	Created   int64             `json:"created"`
	Updated   int64             `json:"updated"`
	Unchanged int64             `json:"unchanged"`
	Rejected  int64             `json:"rejected"`
	Probable  int64             `json:"probable_duplicates"`
	Doubts    int64             `json:"values_left_out"`
	Also      int64             `json:"also_created"`
	Format    string            `json:"format"`
	Encoding  string            `json:"encoding"`
	Delimiter string            `json:"delimiter"`
	Mapping   map[string]string `json:"mapping"`
	Seconds   float64           `json:"seconds"`
	State     string            `json:"state"`
	ImportID  string            `json:"import_id"`
	Reasons   []reason          `json:"reasons,omitempty"`
}

type reason struct {
	Rows  int64  `json:"rows"`
	Field string `json:"field,omitempty"`
	Why   string `json:"why"`
	Lost  bool   `json:"rejected"`
}

// Run brings the file in, or takes an import back.
func (c *importCmd) Run(ctx context.Context) error {
	return c.within(ctx, func(ctx context.Context, a *app.App) error {
		if c.Target == "undo" {
			return c.undo(ctx, a)
		}
		return c.bring(ctx, a)
	})
}

func (c *importCmd) bring(ctx context.Context, a *app.App) error {
	in, err := os.Open(c.File)
	if err != nil {
		return unreadable{err}
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil || st.IsDir() {
		return unreadable{errors.Join(err, &fs.PathError{Op: "read", Path: c.File, Err: errors.New("is no file")})}
	}
	plan := app.ImportPlan{Target: c.Target, Name: filepath.Base(c.File), Key: c.Key, Overwrite: c.Overwrite, Encoding: c.Encoding, Delimiter: c.Delimiter, Sheet: c.Sheet,
		Day: cmp.Or(c.Day, clock.DayOf(st.ModTime()).String()), Dry: c.DryRun, Set: map[string]string{}}
	if plan.Delimiter == "tab" || plan.Delimiter == `\t` {
		plan.Delimiter = "\t"
	}
	if plan.Key == "email" {
		plan.Key = "emails"
	}
	for _, s := range c.Set {
		field, value, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--set %q: write it as field=value", s)
		}
		plan.Set[field] = value
	}
	if c.Mapping != "" {
		if plan.Mapping, err = os.ReadFile(c.Mapping); err != nil {
			return fmt.Errorf("--mapping: %w", err)
		}
	}
	began := time.Now()
	bar := newBar()
	done, err := a.BringIn(ctx, plan, in, bar.show)
	bar.end()
	if app.Refused(err) {
		return unreadable{err}
	}
	if err != nil {
		return err
	}
	counts := done.Counts
	if c.DryRun {
		counts = done.Dry.Counts
	}
	out := summary{Rows: counts.Rows(), Created: counts.Created, Updated: counts.Updated, Unchanged: counts.Unchanged, Rejected: counts.Rejected, Probable: counts.Probable,
		Doubts: counts.Doubts, Also: counts.Also, Format: string(done.Dialect.Format), Encoding: done.Dialect.Encoding, Delimiter: done.Dialect.Delimiter, Mapping: done.Mapping.Fields(),
		Seconds: time.Since(began).Seconds(), State: string(done.State), ImportID: done.ID}
	words := inLanguage(ctx)
	for _, r := range done.Dry.Reasons {
		out.Reasons = append(out.Reasons, reason{Rows: r.Rows, Field: r.Field, Why: i18n.M(words, r.Code, nil), Lost: r.Reject})
	}
	return c.print(out)
}

func (c *importCmd) undo(ctx context.Context, a *app.App) error {
	bar := newBar()
	done, kept, err := a.TakeBack(ctx, c.File, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"import_id": done.ID, "state": done.State, "removed": done.Removed, "restored": done.Restored, "kept": kept})
	}
	fmt.Printf("%s: %d records removed, %d restored, %d left because somebody changed them since\n", done.Name, done.Removed, done.Restored, done.Kept)
	for _, k := range kept {
		fmt.Printf("  %s %s %s\n", k.Kind, k.ID, k.Field)
	}
	return nil
}

func (c *importCmd) print(s summary) error {
	if c.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(s)
	}
	fmt.Printf("%d rows: %d created, %d updated, %d unchanged, %d rejected (%.1f s)\n", s.Rows, s.Created, s.Updated, s.Unchanged, s.Rejected, s.Seconds)
	if s.Also > 0 {
		fmt.Printf("%d records made on the way\n", s.Also)
	}
	if s.Probable > 0 {
		fmt.Printf("%d of the new ones look like one that is there\n", s.Probable)
	}
	for _, r := range s.Reasons {
		fmt.Printf("  %d rows: %s %s\n", r.Rows, r.Field, r.Why)
	}
	if s.State == "done" {
		fmt.Printf("To take it back: unisson import undo %s\n", s.ImportID)
	}
	return nil
}
