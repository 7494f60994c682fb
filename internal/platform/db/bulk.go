package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// In writes n placeholders from number start on: In(3, 2) is "$3,$4". It never
// writes an empty list: In(3, 0) is "null", which matches nothing.
func In(start, n int) string {
	if n <= 0 {
		return "null"
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(start + i))
	}
	return b.String()
}

// Args turns a slice into statement arguments.
func Args[T any](vs []T) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = v
	}
	return out
}

// Bulk inserts many rows into a table: COPY on PostgreSQL, multi-row values on
// SQLite. Table and cols are the program's own words, never a user's.
func Bulk(ctx context.Context, tx Tx, table string, cols []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.d.engine == Postgres {
		return tx.copyIn(ctx, table, cols, rows)
	}
	const maxParams = 32_000
	per := max(1, min(500, maxParams/len(cols)))
	// Nameless parameters: SQLite looks each $n up in a list, which costs the
	// square of their number.
	one := "(" + strings.Repeat("?,", len(cols)-1) + "?)"
	for len(rows) > 0 {
		n := min(per, len(rows))
		args := make([]any, 0, n*len(cols))
		for _, row := range rows[:n] {
			if len(row) != len(cols) {
				return fmt.Errorf("bulk: a row of %s has %d values for %d columns", table, len(row), len(cols))
			}
			args = append(args, row...)
		}
		values := strings.Repeat(one+",", n-1) + one
		if _, err := tx.Exec(ctx, fmt.Sprintf("insert into %s (%s) values %s", table, strings.Join(cols, ", "), values), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (t Tx) copyIn(ctx context.Context, table string, cols []string, rows [][]any) error {
	count(ctx, "copy "+table)
	for _, row := range rows {
		if err := legible(row); err != nil {
			return err
		}
	}
	t.st.wrote(table)
	err := t.st.conn.Raw(func(driverConn any) error {
		c := driverConn.(*stdlib.Conn).Conn()
		_, err := c.CopyFrom(ctx, pgx.Identifier(strings.Split(table, ".")), cols, pgx.CopyFromRows(rows))
		return err
	})
	return mapErr("copy", err)
}
