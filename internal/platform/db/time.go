package db

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Time is an instant in microseconds since 1970, UTC, as stored. Zero means "no
// instant" and is stored as null, so that a forgotten instant fails a not-null
// column instead of becoming 1970.
type Time int64

// At gives the stored form of t; the zero time.Time gives zero.
func At(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMicro())
}

// Go gives the instant as a time.Time in UTC; zero gives the zero time.
func (t Time) Go() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(t)).UTC()
}

// IsZero tells whether there is no instant.
func (t Time) IsZero() bool { return t == 0 }

// Add moves the instant by d.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Microseconds()) }

// Sub is the duration from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t-u) * time.Microsecond }

// Value stores zero as null.
func (t Time) Value() (driver.Value, error) {
	if t == 0 {
		return nil, nil
	}
	return int64(t), nil
}

// Scan reads null as zero.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = 0
	case int64:
		*t = Time(v)
	default:
		return fmt.Errorf("db.Time: cannot read %T", src)
	}
	return nil
}

// NewID makes an id: UUIDv7 as text, so that ids sort by age.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
