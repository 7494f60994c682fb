package backup

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Format is the version of the archive's form that this program writes, and
// the newest that it reads.
const Format = 1

const (
	headerName   = "header.json"
	manifestName = "manifest.json"
	tablesDir    = "tables/"
	filesDir     = "files/"

	partSize    = 4 << 20   // a part ends with the row that passes it
	maxPart     = 512 << 20 // one row's limit, with room
	maxHeader   = 16 << 20
	maxManifest = 1 << 30
)

// Header says where an archive comes from.
type Header struct {
	Format    int       `json:"format"`
	Program   string    `json:"program"` // release that wrote it
	Schema    int64     `json:"schema"`  // version of the database
	Engine    string    `json:"engine"`  // it came from; it fits both
	CreatedAt time.Time `json:"created_at"`
	Instance  string    `json:"instance"`
	Key       string    `json:"key"` // fingerprint of the key file
	Tables    []Table   `json:"tables"`
}

// Manifest is the whole list of contents.
type Manifest struct {
	Header
	Files []File `json:"files"`
}

// Table is one table of the archive. The last three fields are in the manifest
// only.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Parts   int      `json:"parts,omitempty"`
	Rows    int64    `json:"rows,omitempty"`
	SHA256  string   `json:"sha256,omitempty"` // of all its parts, one after the other
}

// Column is one column of a table: its type is text, bigint, boolean or double
// precision.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// File is one attached file; Path is relative, with slashes.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows is the number of rows in all tables.
func (m Manifest) Rows() int64 {
	var n int64
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// The reasons why an archive is refused. In each case nothing was changed.
var (
	ErrNotBackup = errors.New("this is not a backup of Unisson")
	ErrTruncated = errors.New("this backup is cut short or altered at its end: its end is missing or something was added to it. Copy it again from where it was written, or take an older one")
	ErrAltered   = errors.New("this backup was altered or damaged: its contents do not match its seal. Copy it again from where it was written, or take an older one")
	ErrForged    = errors.New("this backup was not sealed with the key of this installation: somebody else made it, or changed it")
	ErrHostile   = errors.New("this backup holds what no backup of Unisson holds")
	ErrNotEmpty  = errors.New("there is data already")
)

// NewerError refuses an archive of a newer release.
type NewerError struct{ What, Archive, Program string }

// Error says what to do.
func (e NewerError) Error() string {
	return fmt.Sprintf("this backup comes from a newer release: its %s is %s and this program knows %s. Restore it with that release or a later one",
		e.What, e.Archive, e.Program)
}

// OtherKeyError refuses an archive that was written with another key file.
type OtherKeyError struct{ Archive, File string }

// Error says what to do.
func (e OtherKeyError) Error() string {
	return fmt.Sprintf("this backup was written with key file %s, and the one given is %s: name the right file with --key-file", e.Archive, e.File)
}

func hostile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrHostile, fmt.Sprintf(format, args...))
}

// Names are strict, so that an archive can neither leave its folder nor speak
// SQL: table and column names end up in statements.
var (
	identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	partName   = regexp.MustCompile(`^tables/([a-z][a-z0-9_]{0,62})/(\d{6})\.jsonl$`)
	filePath   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*){0,7}$`)
)

func validPath(name string) bool {
	return len(name) <= 300 && filePath.MatchString(name) && !strings.Contains(name, "..")
}

func portable(typ string) bool {
	switch typ {
	case "text", "bigint", "boolean", "double precision":
		return true
	}
	return false
}
