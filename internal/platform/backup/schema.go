package backup

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"

	"unisson/internal/platform/db"
)

// upTo shows the migrations up to one version.
type upTo struct {
	fs.FS
	version int64
}

// ReadDir leaves out the later ones.
func (u upTo) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(u.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		n, err := strconv.ParseInt(e.Name()[:min(4, len(e.Name()))], 10, 64)
		return err == nil && n > u.version
	}), err
}

// latestVersion is the newest version that this program knows.
func latestVersion(migrations fs.FS) (int64, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("no migrations: %w", err)
	}
	slices.Sort(names)
	last := names[len(names)-1]
	return strconv.ParseInt(last[:min(4, len(last))], 10, 64)
}

// sameTables compares the tables of an archive with those of the schema of its
// version.
func sameTables(have []db.Table, want []Table) error {
	columns := map[string]map[string]string{}
	for _, t := range have {
		columns[t.Name] = map[string]string{}
		for _, c := range t.Columns {
			columns[t.Name][c.Name] = c.Type
		}
	}
	for _, t := range want {
		got := map[string]string{}
		for _, c := range t.Columns {
			got[c.Name] = c.Type
		}
		if !maps.Equal(got, columns[t.Name]) {
			return fmt.Errorf("table %s of the archive is not what this program makes of that version", t.Name)
		}
		delete(columns, t.Name)
	}
	for name := range columns {
		return fmt.Errorf("the archive lacks table %s, which this program makes in that version", name)
	}
	return nil
}

// measure counts and hashes a table as a backup of it would.
func measure(ctx context.Context, r db.Reader, t Table, key []string) (Table, error) {
	got, source := Table{Name: t.Name}, db.Table{Name: t.Name, Key: key}
	for _, c := range t.Columns {
		source.Columns = append(source.Columns, db.Column(c))
	}
	sum := sha256.New()
	var line []byte
	err := db.EachRow(ctx, r, source, func(values []any) error {
		var err error
		if line, err = appendRow(line[:0], t.Columns, values); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		sum.Write(line)
		got.Rows++
		return nil
	})
	got.SHA256 = sumText(sum)
	return got, err
}
