package db

import (
	"context"
	"errors"
	"fmt"
)

// What a restore needs of PostgreSQL, where a second schema stands for the
// second file of SQLite. Names are the program's own words.

// CurrentSchema names the schema in which the tables are.
func CurrentSchema(ctx context.Context, r Reader) (string, error) {
	name, err := One(ctx, r, Value[string], "select coalesce(current_schema()::text, '')")
	if err == nil && name == "" {
		err = errors.New("the search_path names no schema that exists")
	}
	return name, err
}

// SchemaTables names the tables of a schema.
func SchemaTables(ctx context.Context, r Reader, schema string) ([]string, error) {
	return All(ctx, r, Value[string], "select tablename::text from pg_tables where schemaname = $1 order by 1", schema)
}

// SchemasNamed names the schemas whose name begins with prefix.
func SchemasNamed(ctx context.Context, r Reader, prefix string) ([]string, error) {
	return All(ctx, r, Value[string], `select nspname::text from pg_namespace where nspname like $1 escape '\' order by 1`, LikePrefix(prefix))
}

// CreateSchema makes an empty schema.
func CreateSchema(ctx context.Context, tx Tx, name string) error {
	if _, err := tx.Exec(ctx, "create schema "+quote(name)); err != nil {
		return fmt.Errorf("a schema cannot be made in this database (the account needs the right: grant create on database …): %w", err)
	}
	return nil
}

// MoveTables moves every table from one schema to another, with indexes and
// constraints. What else is there, such as extensions, stays.
func MoveTables(ctx context.Context, tx Tx, from, to string) error {
	tables, err := SchemaTables(ctx, tx.Reader, from)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := tx.Exec(ctx, "alter table "+quote(from)+"."+quote(t)+" set schema "+quote(to)); err != nil {
			return fmt.Errorf("table %s: %w", t, err)
		}
	}
	return nil
}

// DropSchema removes a schema: an empty one, or all that is in it.
func DropSchema(ctx context.Context, tx Tx, name string, withAll bool) error {
	how := " restrict"
	if withAll {
		how = " cascade"
	}
	_, err := tx.Exec(ctx, "drop schema if exists "+quote(name)+how)
	return err
}
