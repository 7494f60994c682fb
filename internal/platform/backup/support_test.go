package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/filelock"
	"unisson/internal/platform/secret"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// steps are migrations with all that makes a restore hard: a table that refers
// to itself, two that refer to each other, no primary key, rows that a
// migration writes, text that sorts otherwise in French.
var steps = fstest.MapFS{
	"0001_settings.sql": {Data: []byte(`create table settings (key text not null, value text not null, updated_at bigint not null,
		constraint settings_pk primary key (key));
		insert into settings values ('made_by_migration', 'yes', 1);`)},
	"0002_accounts.sql": {Data: []byte(`create table teams (id text not null, leader_id text, constraint teams_pk primary key (id));
		create table accounts (id text /* +sorted */ not null, parent_id text, team_id text, balance bigint not null, active boolean not null,
			ratio double precision, note text, constraint accounts_pk primary key (id),
			constraint accounts_parent foreign key (parent_id) references accounts (id),
			constraint accounts_team foreign key (team_id) references teams (id));
		create table moves (account_id text not null, amount bigint not null,
			constraint moves_account foreign key (account_id) references accounts (id));
		create table empty (id text not null, constraint empty_pk primary key (id));
-- +postgres
alter table teams add constraint teams_leader foreign key (leader_id) references accounts (id);
-- +end
`)},
}

// later is what the next release adds.
var later = "0003_more.sql"

func withLater() fstest.MapFS {
	m := fstest.MapFS{later: {Data: []byte(`alter table accounts add column colour text not null default 'blue';`)}}
	for k, v := range steps {
		m[k] = v
	}
	return m
}

// source is an installation with awkward contents.
type source struct {
	Source
	t     testing.TB
	store config.Store
}

func newStore(t testing.TB, e db.Engine) config.Store {
	t.Helper()
	s := config.Store{DataDir: filepath.Join(t.TempDir(), "data")}
	if e == db.Postgres {
		s.DatabaseURL = dbtest.Postgres(t)
	}
	return s
}

func openStore(t testing.TB, s config.Store) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{Path: s.Database(), URL: s.DatabaseURL, Create: true, MaxConns: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func newSource(t testing.TB, e db.Engine, keys *secret.Keys) *source {
	t.Helper()
	s := &source{t: t, store: newStore(t, e)}
	s.Source = Source{DB: openStore(t, s.store), Keys: keys, Files: s.store.Files(), Program: "test"}
	if err := s.DB.Migrate(t.Context(), steps); err != nil {
		t.Fatal(err)
	}
	s.exec(
		`insert into settings values ('instance_id', 'the-one', 1)`,
		`insert into teams values ('t1', null), ('t2', null)`,
		// "b" before "a": a row may speak of one that comes later.
		`insert into accounts values ('z', null, 't1', 0, false, null, null)`,
		`insert into accounts values ('a', 'z', 't2', 9223372036854775807, true, 0.1, 'plain')`,
		`insert into accounts values ('Zoé', 'a', null, -9223372036854775808, true, 1e300, '<b>"\	& ')`,
		`insert into accounts values ('éa', 'Zoé', null, 9007199254740993, true, 3, '')`,
		`insert into accounts values ('_', null, null, 1, false, -0.0, '😀 `+"\u202e"+`')`,
		`update teams set leader_id = 'a' where id = 't1'`,
		`insert into moves values ('a', 1), ('a', 1), ('z', -5)`,
	)
	s.put("ab/abcdef", "first file")
	s.put("cd/cdef01", strings.Repeat("second ", 1000))
	return s
}

func (s *source) exec(statements ...string) {
	s.t.Helper()
	err := s.DB.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
		for _, q := range statements {
			if _, err := tx.Exec(ctx, q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *source) put(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.store.Files(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// archive writes a backup and gives its path.
func (s *source) archive() string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "backup")
	if _, err := Create(s.t.Context(), path, s.Source, false); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// state is all that a restore may change: every file of the folder, and every
// table of every schema.
func state(t testing.TB, s config.Store) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(s.DataDir, func(p string, e fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || p == s.LockPath() || p == s.DataDir {
			return err
		}
		rel, _ := filepath.Rel(s.DataDir, p)
		sum := ""
		if !e.IsDir() {
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			sum = fmt.Sprintf(" %x", sha256.Sum256(data))
		}
		fmt.Fprintf(&b, "%s%s\n", filepath.ToSlash(rel), sum)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.DatabaseURL != "" {
		d := openStore(t, s)
		defer d.Close()
		b.WriteString(strings.Join(texts(t, d, `select schemaname || '.' || tablename from pg_tables
			where schemaname not in ('pg_catalog', 'information_schema') order by 1`), "\n"))
		b.WriteString(strings.Join(texts(t, d, `select nspname::text from pg_namespace where nspname not like 'pg\_%' order by 1`), "\n"))
		b.WriteString(dbtest.Dump(t, d))
	}
	return b.String()
}

func texts(t testing.TB, d *db.DB, q string) []string {
	t.Helper()
	var out []string
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		var err error
		out, err = db.All(ctx, r, db.Value[string], q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// dump is dbtest.Dump with booleans as PostgreSQL writes them: the column
// "active" stands first in its table.
func dump(t testing.TB, d *db.DB) string {
	t.Helper()
	return strings.NewReplacer("\n  0 | ", "\n  false | ", "\n  1 | ", "\n  true | ").Replace(dbtest.Dump(t, d))
}

// item is one entry of an archive made by hand.
type item struct {
	name string
	data string
	kind byte
	link string
}

// forge makes an archive of any entries with a right seal.
func forge(t testing.TB, keys *secret.Keys, items []item) []byte {
	t.Helper()
	var out bytes.Buffer
	gz := gzip.NewWriter(&out)
	tw := tar.NewWriter(gz)
	for _, it := range items {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: it.name, Size: int64(len(it.data)), Mode: 0o600, Linkname: it.link}
		if it.kind != 0 {
			h.Typeflag, h.Size = it.kind, 0
		}
		if err := tw.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if it.kind == 0 {
			if _, err := tw.Write([]byte(it.data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	return sealed(out.Bytes(), keys)
}

func sealed(body []byte, keys *secret.Keys) []byte {
	sum := sha256.Sum256(body)
	return append(slices.Clone(body), seal(sum[:], keys)...)
}

// unpack gives the entries of a good archive, to be changed and forged anew.
func unpack(t testing.TB, archive []byte) []item {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(archive[:len(archive)-sealSize]))
	if err != nil {
		t.Fatal(err)
	}
	var out []item
	for tr := tar.NewReader(gz); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item{name: h.Name, data: string(data)})
	}
}

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func holdShared(t testing.TB, path string) *filelock.Lock {
	t.Helper()
	l, err := filelock.Shared(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Release)
	return l
}
