package table

import (
	"fmt"
	"io"
	"strings"
)

// Format is the kind of file that is read as a table.
type Format string

// The formats. A ZIP archive is opened, and one of its entries has one of these.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	VCard Format = "vcard"
	JSONL Format = "jsonl"
)

// None, as Quote, Escape or Comment of a wanted Dialect, says that there is none; an empty string asks for a guess.
const None = "none"

// Limits of what is read. The archive caps are those of the reliability plan (T-F01).
const (
	MaxCell        = 1 << 20   // bytes of one cell
	MaxRecord      = 20 << 20  // bytes of one record, all its lines
	MaxStream      = 2 << 30   // bytes of a CSV, JSONL or vCard file
	MaxPacked      = 25 << 20  // bytes of a ZIP or XLSX file
	MaxUnpacked    = 200 << 20 // bytes that come out of one
	MaxEntries     = 2_000     // entries of one
	MaxRatio       = 100       // unpacked to packed, of one entry of more than 1 MB
	MaxStrings     = 900_000   // shared strings of a workbook
	MaxColumns     = 4_000     // columns of a table
	sampleBytes    = 256 << 10
	sampleRows     = 1_000
	sampleShown    = 20
	lastRowOfExcel = 1 << 20
)

// Dialect is how a file is read. In Sniff's want, a zero field is to be guessed.
type Dialect struct {
	Format     Format   `json:"format,omitempty"`
	Entry      string   `json:"entry,omitempty"`       // the file inside a ZIP archive
	Sheet      string   `json:"sheet,omitempty"`       // XLSX
	Encoding   string   `json:"encoding,omitempty"`    // a WHATWG name, such as "utf-8" or "windows-1252"
	Delimiter  string   `json:"delimiter,omitempty"`   // CSV: one or several characters
	Quote      string   `json:"quote,omitempty"`       // CSV: one ASCII character, or None
	Escape     string   `json:"escape,omitempty"`      // CSV: what stands before a quote inside quotes; the quote itself: doubled
	Comment    string   `json:"comment,omitempty"`     // CSV: a line that begins with it is no row; None
	SkipBlanks bool     `json:"skip_blanks,omitempty"` // CSV: blanks beside a delimiter are not part of a cell
	Pad        bool     `json:"pad,omitempty"`         // CSV: a short row lacks only blank cells at its end
	Trailing   bool     `json:"trailing,omitempty"`    // CSV: blank cells after the last column are dropped
	Skip       int      `json:"skip,omitempty"`        // lines (XLSX: rows) before the header; -1: none, not to be guessed
	HeaderRows int      `json:"header_rows,omitempty"` // -1: no header
	Until      int64    `json:"until,omitempty"`       // last line of the table; -1: up to the end of the file
	Columns    int      `json:"columns,omitempty"`     // cells of a row
	Keys       []string `json:"keys,omitempty"`        // JSONL, vCard: the columns
}

// Doubt is something uncertain: a message code and its parameters.
type Doubt struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
}

// Guess is what Sniff found.
type Guess struct {
	Dialect Dialect    `json:"dialect"`
	Header  []string   `json:"header"` // trimmed and unique; neutral names where the file has none
	Width   int        `json:"width"`
	Others  []Other    `json:"others,omitempty"`
	Doubts  []Doubt    `json:"doubts,omitempty"`
	Sample  [][]string `json:"sample"` // the first rows
}

// Other is a table that was found and is not read.
type Other struct {
	Kind string `json:"kind"` // "sheet", "entry" or "table"
	Name string `json:"name,omitempty"`
	Line int64  `json:"line,omitempty"` // of a table further down
}

// Row is one record.
type Row struct {
	Line  int64 // 1-based line, or row of the sheet, on which it begins
	Cells []string
}

// RowError is one record that cannot be read; the next call of Next goes on after it.
type RowError struct {
	Line   int64
	Code   string
	Params map[string]any
	Cells  []string // as far as they could be told apart; for the file of rejected rows
}

// Error is for logs.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s %v", e.Line, e.Code, e.Params) }

// Refusal says why nothing, or nothing more, can be read, and by its words what to do about it.
type Refusal struct {
	Code   string
	Params map[string]any
	Line   int64
	Err    error // the cause, for the log
}

// Error is for logs.
func (e *Refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s %v line %d %v", e.Code, e.Params, e.Line, e.Err))
}

// Unwrap gives the cause.
func (e *Refusal) Unwrap() error { return e.Err }

// Source is the file. ReadAt may be called from one goroutine at a time.
type Source interface {
	io.ReaderAt
	Size() int64
	Name() string
}

type named struct {
	io.ReaderAt
	size int64
	name string
}

func (n named) Size() int64  { return n.size }
func (n named) Name() string { return n.name }

// NewSource gives a Source over r.
func NewSource(r io.ReaderAt, size int64, name string) Source { return named{r, size, name} }

func refuse(code string, kv ...any) *Refusal { return &Refusal{Code: code, Params: params(kv)} }

func params(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return m
}

func doubt(code string, kv ...any) Doubt { return Doubt{Code: code, Params: params(kv)} }
