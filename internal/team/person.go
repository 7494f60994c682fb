package team

import (
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
)

// Status says whether somebody works here.
type Status string

// The states of a person, as platform/auth keeps them.
const (
	Invited  Status = "invited"
	Active   Status = "active"
	Disabled Status = "disabled"
)

// The roles that the rules of this package know by name. The policy file lists
// all of them.
const (
	Salesperson     auth.Role = "salesperson"
	Marketer        auth.Role = "marketer"
	ProductManager  auth.Role = "product_manager"
	HeadOfSales     auth.Role = "head_of_sales"
	HeadOfMarketing auth.Role = "head_of_marketing"
	Executive       auth.Role = "executive"
	Integrator      auth.Role = "integrator"
	Administrator   auth.Role = "administrator"
	DPO             auth.Role = "dpo"
	Guest           auth.Role = "guest"
)

// Roles lists them in the order a menu shows them.
func Roles() []auth.Role {
	return []auth.Role{Salesperson, Marketer, ProductManager, HeadOfSales, HeadOfMarketing, Executive, Integrator, Administrator, DPO, Guest}
}

// Ref names somebody without saying more.
type Ref struct{ ID, Name string }

// Person is somebody as the directory and the guide know him.
type Person struct {
	ID        string
	Given     string
	Family    string
	Email     string
	Status    Status
	ExpiresAt time.Time // guests: from then on he is nobody
	Roles     []auth.Role

	Title        string
	DepartmentID string
	Department   string
	Kind         Kind
	Orientation  Orientation
	HeadsOwn     bool // he heads his own department
	UnitID       string
	Unit         string
	RegionID     string
	Region       string
	Country      string // his own, else his region's
	City         string
	Phone        string
	Channel      Channel

	Languages []string
	Skills    []string
	Products  []string
	Segments  []string

	Absence *Absence // today's, if any
	Deputy  *Person  // who stands in today, when he can be known
	SortKey string   // of the list's order
}

// Name is what everybody calls him.
func (p Person) Name() string { return strings.TrimSpace(p.Given + " " + p.Family) }

// Away tells whether he is absent today.
func (p Person) Away() bool { return p.Absence != nil }

// Works tells whether he works here at an instant.
func (p Person) Works(now time.Time) bool {
	return p.Status == Active && (p.ExpiresAt.IsZero() || now.Before(p.ExpiresAt))
}

// Has tells whether he holds one of some roles.
func (p Person) Has(roles ...auth.Role) bool {
	return slices.ContainsFunc(roles, func(r auth.Role) bool { return slices.Contains(p.Roles, r) })
}

// Side is the voice he speaks with: his department's or, without one, that of
// his roles. In a small firm somebody may hold both roles: his department decides.
func (p Person) Side() Kind {
	switch {
	case p.Kind != "":
		return p.Kind
	case p.Has(Salesperson, HeadOfSales):
		return Sales
	case p.Has(Marketer, HeadOfMarketing):
		return Marketing
	}
	return Other
}

// Sides tells for which departments he can speak in a team: by department and
// by role, so that whoever holds both roles fills both seats.
func (p Person) Sides() (sales, marketing bool) {
	sales = p.Kind == Sales || p.Has(Salesperson, HeadOfSales)
	marketing = p.Kind == Marketing || p.Has(Marketer, HeadOfMarketing)
	return sales, marketing
}

// StaleAfter is how long a profile counts as right without a word of its owner.
const StaleAfter = 183 * 24 * time.Hour

// Stale tells whether a profile confirmed at an instant must be looked at again.
func Stale(confirmed, now time.Time) bool { return now.Sub(confirmed) >= StaleAfter }

// Words gives the folded words by which a person is found: every word of his
// name, title, city, labels, department, unit and region, and the part of his
// address before @.
func (p Person) Words() []string {
	texts := []string{p.Given, p.Family, p.Title, p.City, p.Department, p.Unit, p.Region}
	for _, list := range [][]string{p.Skills, p.Products, p.Segments} {
		texts = append(texts, list...)
	}
	local, _, _ := strings.Cut(p.Email, "@")
	texts = append(texts, local)
	var out []string
	seen := map[string]bool{}
	for _, t := range texts {
		for _, w := range SplitWords(t) {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}

// Today is the calendar day at an instant in a zone; an unknown zone reads as UTC.
func Today(now time.Time, zone string) clock.Day {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return clock.DayOf(now.In(loc))
}
