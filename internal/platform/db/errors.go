package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"unisson/internal/platform/errs"
)

// mapErr turns a driver's error into a kind of the house. It is the only place
// that knows the drivers' codes.
func mapErr(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *errs.Error
	if errors.As(err, &known) {
		return err
	}
	e := &errs.Error{Op: "db " + op, Err: err}
	var pg *pgconn.PgError
	var lite *sqlite.Error
	var netErr net.Error
	switch {
	case errors.Is(err, sql.ErrNoRows):
		e.Kind = errs.KindNotFound
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		unavailable(e, "errors.cancelled")
	case errors.As(err, &pg):
		mapPostgres(e, pg)
	case errors.As(err, &lite):
		mapSQLite(e, lite)
	case connDied(err), errors.Is(err, sql.ErrConnDone), errors.As(err, &netErr), pgconn.SafeToRetry(err):
		unavailable(e, "errors.database_away")
	}
	return e
}

// connDied tells that an open connection turned out to be dead; a server that
// takes no new connection is another matter.
func connDied(err error) bool {
	var refused *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case err == nil, errors.As(err, &refused):
		return false
	case errors.As(err, &pg):
		return pg.Code == "57P01" || pg.Code == "57P02" // the server's last words
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func unavailable(e *errs.Error, code string) {
	e.Kind, e.Code, e.RetryAfter = errs.KindUnavailable, code, 2*time.Second
}

// legible refuses what is no text among the arguments of a statement: NUL and
// broken UTF-8. PostgreSQL keeps neither, SQLite would: both say no, before they
// are asked.
func legible(args []any) error {
	for _, a := range args {
		s, ok := a.(string)
		if !ok {
			v := reflect.ValueOf(a)
			if v.Kind() != reflect.String {
				continue
			}
			s = v.String()
		}
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return errs.Malformed("", "errors.malformed")
		}
	}
	return nil
}

func mapPostgres(e *errs.Error, pg *pgconn.PgError) {
	switch pg.Code {
	case "23505":
		e.Kind, e.Code = errs.KindConflict, "errors.already_there"
	case "23503":
		e.Kind, e.Code = errs.KindConflict, "errors.still_used"
	case "22021", "22P05": // what legible did not see: inside an array or a COPY
		e.Kind, e.Code = errs.KindMalformed, "errors.malformed"
	case "53100":
		unavailable(e, "errors.disk_full")
	case "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "25006":
		unavailable(e, "errors.database_away")
	}
}

func mapSQLite(e *errs.Error, lite *sqlite.Error) {
	switch lite.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		e.Kind, e.Code = errs.KindConflict, "errors.already_there"
		return
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		e.Kind, e.Code = errs.KindConflict, "errors.still_used"
		return
	}
	switch lite.Code() & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		unavailable(e, "errors.database_away")
	case sqlite3.SQLITE_FULL:
		unavailable(e, "errors.disk_full")
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		unavailable(e, "errors.disk_fails")
	}
}

// IsConflict tells whether err is a broken unique rule; the caller knows which
// rule it meant.
func IsConflict(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Kind == errs.KindConflict && e.Code == "errors.already_there"
}
