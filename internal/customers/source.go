package customers

import "unisson/internal/platform/db"

// Source is where records came from: an import, a form, a bought list, a
// program. Records made by hand have none.
type Source struct {
	ID         string
	Kind       string // import, form, list, program, demo
	Name       string
	Day        string // when the facts were gathered, YYYY-MM-DD
	Country    string
	Confidence string // high, medium, low
	Basis      string // legal basis claimed for the whole
	Supplier   string // of a bought list
	CostCents  int64
	Currency   string
	CreatedAt  db.Time
	CreatedBy  string
}
