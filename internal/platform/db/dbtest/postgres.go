package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"unisson/internal/platform/db"
	"unisson/migrations"
)

// sharedServer is the address of the server that all tests of this process use.
var sharedServer = sync.OnceValues(func() (string, error) {
	if u := os.Getenv("UNISSON_TEST_POSTGRES"); u != "" {
		return u, nil
	}
	s, err := Launch(Options{})
	if err != nil {
		return "", err
	}
	atExit.add(s.Stop)
	return s.URL("postgres"), nil
})

// Postgres gives the address of a fresh, empty database; it goes away with the test.
func Postgres(t testing.TB) string {
	t.Helper()
	return createDatabase(t, "template0")
}

func migratedPostgres(t testing.TB) string {
	t.Helper()
	server := serverFor(t)
	name, err := postgresTemplate(server)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return createDatabase(t, name)
}

func serverFor(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if errors.Is(err, ErrNoPostgres) {
		missing(t, err)
	}
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return server
}

func createDatabase(t testing.TB, template string) string {
	t.Helper()
	server := serverFor(t)
	name := fmt.Sprintf("t%d_%s", os.Getpid(), strings.ReplaceAll(db.NewID(), "-", "")[8:])
	create := "create database " + name + " template " + template
	err := admin(server, create+" strategy file_copy") // twice as fast as the other strategy
	if err != nil && strings.Contains(err.Error(), "not recognized") {
		err = admin(server, create) // before PostgreSQL 15 there is no choice
	}
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := admin(server, "drop database if exists "+name+" with (force)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return withDatabase(server, name)
}

// postgresTemplate makes the migrated template once for one state of the migrations, however many test processes
// share the server.
var postgresTemplate = onceEach(func(server string) (string, error) {
	sum, err := migrationsSum()
	if err != nil {
		return "", err
	}
	name := "unisson_template_" + sum
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, "select pg_advisory_lock(7164, 1)"); err != nil {
		return "", err
	}
	var there bool
	if err := c.QueryRow(ctx, "select exists (select 1 from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	draft := name + "_draft"
	for _, q := range []string{"drop database if exists " + draft + " with (force)", "create database " + draft + " template template0"} {
		if _, err := c.Exec(ctx, q); err != nil {
			return "", err
		}
	}
	if err := migrate(db.Config{URL: withDatabase(server, draft), MaxConns: 2}); err != nil {
		return "", err
	}
	_, err = c.Exec(ctx, "alter database "+draft+" rename to "+name)
	return name, err
})

func migrationsSum() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(migrations.Files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(data), data)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), err
}

// admin runs one statement as the server's owner. A template that another test process has open for a moment makes
// PostgreSQL refuse: that is tried again.
func admin(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	for {
		_, err = c.Exec(ctx, statement)
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "is being accessed by other users") {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic("dbtest: UNISSON_TEST_POSTGRES is no address: " + err.Error())
	}
	u.Path = "/" + name
	return u.String()
}

// onceEach remembers the first answer of f for each key.
func onceEach(f func(string) (string, error)) func(string) (string, error) {
	var mu sync.Mutex
	known := map[string]func() (string, error){}
	return func(key string) (string, error) {
		mu.Lock()
		g, ok := known[key]
		if !ok {
			g = sync.OnceValues(func() (string, error) { return f(key) })
			known[key] = g
		}
		mu.Unlock()
		return g()
	}
}
