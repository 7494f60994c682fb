package registry

import (
	"context"
	"io"
	"math/rand/v2"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// Panel is a block shown on another capability's record page, loaded when it
// comes into view. The page never learns what it shows.
type Panel struct {
	On    string // the kind of record: "person", "account"
	Name  string // message key of its title
	Href  string // "/people/{id}/panels/work": {id} is replaced
	Perm  auth.Permission
	Order int
}

// Hit is one thing found.
type Hit struct {
	Kind  string // message key of the group, such as "palette.group.people"
	ID    string
	Title string
	Sub   string
	Href  string
	Icon  string
	Rank  float64 // greater is better; comparable among hits of one source
}

// SearchSource finds things of one kind for the palette and the find page. It
// sees only what the actor of ctx may see.
type SearchSource struct {
	Kind string
	Perm auth.Permission
	Find func(ctx context.Context, text string, limit int) ([]Hit, error)
}

// Command is something one can do or a place to go to, offered by the palette.
type Command struct {
	Key   string // message key of its words
	Group string // "act" or "go"
	Href  string
	Icon  string
	Keys  string // shortcut shown, such as "G T"
	Makes bool   // it makes something new: it stands in the Create menu too
	Perm  auth.Permission
}

// Waiting is one thing that waits on the reader, for his page of the day and
// the number beside it. Its words are already in the reader's language.
type Waiting struct {
	Title  string // "Your profile was last confirmed in March"
	Sub    string // why it waits on him
	Href   string
	Icon   string
	Action string  // the verb of its button
	Post   string  // address that does it at once by POST; empty: the button opens Href
	Due    db.Time // zero: no deadline
}

// WaitingSource tells what of one kind waits on the actor of ctx.
type WaitingSource struct {
	Name string
	List func(ctx context.Context) ([]Waiting, error)
}

// Seeder writes a capability's demonstration data. Seeders run in the order of
// the composition root, inside one transaction, with a random source that
// depends on nothing but the seed.
type Seeder struct {
	Name string
	Seed func(ctx context.Context, tx db.Tx, rnd *rand.Rand, size Size) error
}

// Size says how large the demonstration company is.
type Size struct {
	People int // people who work there
}

// Holder is a capability that holds personal data: what it knows about a person
// for an access export, and how it forgets it.
type Holder struct {
	Name   string
	Tables []string // every table with a personal column
	Export func(ctx context.Context, r db.Reader, personID string, w io.Writer) error
	Erase  func(ctx context.Context, tx db.Tx, personID string) error
}

// Visible is one line of "what is visible about me": a dataset, who sees it,
// and why. Words are message keys.
type Visible struct {
	Dataset string
	What    string
	Readers []auth.Role
	Why     string
	Href    string
}

// Fragment is a block that a page shows without knowing its origin.
type Fragment func(ctx context.Context) (templ.Component, error)
