package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const (
	maxTitle = 300
	maxBody  = 20_000
)

// Doc is one thing that can be found.
//
// Who finds it: everyone who may read its kind, unless it belongs to a unit
// (then those of the unit), or is a Customer's (then only scopes with customers,
// narrowed to its Region and its owners where the scope is), or has a Reader
// (then he alone).
type Doc struct {
	Kind  string // "person", "account": the caller's word
	ID    string
	Title string   // cut after 300 letters
	Body  string   // cut after 20,000
	Keys  []string // found when typed exactly, or begun: phone numbers, e-mail addresses, references

	Customer bool
	Unit     string
	Region   string
	Owners   [2]string // the two owners of a record
	Reader   string    // of a private note
}

// number is by what the full-text index of SQLite knows a document: the same
// on both engines, since it also orders candidates.
func number(kind, id string) int64 {
	sum := sha256.Sum256([]byte(kind + "\x00" + id))
	return int64(binary.BigEndian.Uint64(sum[:]) >> 1)
}

// Put makes things findable, or findable by their new words. A document without
// kind or id is a fault of the program.
func Put(ctx context.Context, tx db.Tx, docs ...Doc) error {
	rows := make([][]any, 0, len(docs))
	place := map[[2]string]int{} // one statement cannot write a row twice: the last one counts
	for _, d := range docs {
		if d.Kind == "" || d.ID == "" {
			return errs.Wrap("search put", errs.NotFound("document"))
		}
		row := d.row()
		if i, again := place[[2]string{d.Kind, d.ID}]; again {
			rows[i] = row
			continue
		}
		place[[2]string{d.Kind, d.ID}] = len(rows)
		rows = append(rows, row)
	}
	// The index of SQLite takes rows fastest in order of their numbers.
	slices.SortFunc(rows, func(a, b []any) int { return cmp.Compare(a[2].(int64), b[2].(int64)) })
	return errs.Wrap("search put", upsert(ctx, tx, rows))
}

func (d Doc) row() []any {
	title, body := cut(clean(d.Title), maxTitle), cut(clean(d.Body), maxBody)
	var keys []string
	for _, k := range d.Keys {
		if k = key(k); k != "" {
			keys = append(keys, k)
		}
	}
	return []any{d.Kind, d.ID, number(d.Kind, d.ID), title, titleKey(title), body, strings.Join(keys, " "), terms(title, body, keys),
		d.Customer, d.Unit, d.Region, d.Owners[0], d.Owners[1], d.Reader}
}

// titleKey is the title as a whole query is compared with it.
func titleKey(title string) string { return cut(db.Fold(title), maxTitle) }

const versionSetting = "search.version"

// Refresh writes the terms of all documents anew when the analyser has changed
// since they were written. It is called at start, and quick when nothing
// changed.
func Refresh(ctx context.Context, d *db.DB) error {
	var written string
	err := d.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		written, err = db.Setting(ctx, r, versionSetting)
		return err
	})
	if err != nil || written == Version {
		return err
	}
	last := int64(-1)
	for {
		n := 0
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			list, err := sources(ctx, tx.Reader, last, 500)
			if err != nil {
				return err
			}
			for _, s := range list {
				if err := updateTerms(ctx, tx, s.num, titleKey(s.title), terms(s.title, s.body, strings.Fields(s.keys))); err != nil {
					return err
				}
			}
			if n = len(list); n > 0 {
				last = list[n-1].num
				return nil
			}
			return db.SetSetting(ctx, tx, versionSetting, Version)
		})
		if err != nil || n == 0 {
			return errs.Wrap("search refresh", err)
		}
	}
}

// Tidy removes from the index of SQLite what deleted documents left there, in
// small steps that let other writers in between. It is for a nightly job and for
// the end of an erasure; PostgreSQL does this work by itself.
func Tidy(ctx context.Context, d *db.DB) error {
	if d.Engine() != db.SQLite {
		return nil
	}
	const pages = 500
	for n, done := -pages, false; !done; n = pages {
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			done, err = merge(ctx, tx, n)
			return err
		})
		if err != nil {
			return errs.Wrap("search tidy", err)
		}
	}
	return nil
}
