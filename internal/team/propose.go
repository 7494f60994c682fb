package team

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/clock"
)

// Question asks whom to involve. Every field may be empty.
type Question struct {
	Situation  string // id or code; empty: every situation that applies
	On         string // the kind of page that asks
	Product    string // a label of products
	Segment    string // a label of segments
	RegionID   string
	RegionName string // for the words of the reason; the service fills it in
	Country    string // of the region; the service fills it in
	UnitID     string
	Tier       string // of the account
	Type       string // of the opportunity
}

// Why is one reason of a proposal: a message key under team.why and the word
// that goes with it (a role, a product, a region …).
type Why struct{ Code, Word string }

// Proposal is somebody to involve, with the reasons.
type Proposal struct {
	Person    Person
	InPlaceOf *Person   // the right person, who is away
	Until     clock.Day // the last day he is away
	Why       []Why
	Fallback  bool // nobody fits wholly; the reasons say what lacks
}

// The reasons.
const (
	WhyNamed       = "named"
	WhyRole        = "role"
	WhyKind        = "kind"
	WhyOrientation = "orientation"
	WhyHead        = "head"
	WhySkill       = "skill"
	WhyCovers      = "covers"
	WhyServes      = "serves"
	WhyRegion      = "region"
	WhyCountry     = "country"
	WhyUnit        = "unit"
	WhyNoneCovers  = "none_covers"
	WhyNoneServes  = "none_serves"
	WhyNoneThere   = "none_there"
	WhyDeputy      = "deputy"
	WhyAway        = "away"
)

// Propose answers a question for one situation: the people to involve, best
// first, at most as many as the rule says. A person who is away is replaced by
// who stands in, and both are said; who is away without a stand-in comes after
// those who work. When nobody covers the product or the segment, the heads
// among those who could are proposed, and it is said. Equal persons come in the
// order of names, so that the same question has the same answer.
func Propose(s Situation, q Question, people []Person, now time.Time) []Proposal {
	c := chooser{rule: s.Rule, q: q}
	var fit []candidate
	for _, p := range people {
		if p.Works(now) && c.meant(p) {
			fit = append(fit, candidate{Person: p})
		}
	}
	fit = c.narrow(fit)
	slices.SortStableFunc(fit, c.compare)
	var out []Proposal
	for _, f := range fit {
		pr := c.propose(f)
		if slices.ContainsFunc(out, func(o Proposal) bool { return o.Person.ID == pr.Person.ID }) {
			continue
		}
		if out = append(out, pr); len(out) == max(s.Rule.Count, 1) {
			break
		}
	}
	return out
}

type candidate struct {
	Person
	lacks []Why
}

// unfit tells whether nobody knows the product or the segment in question.
func (f candidate) unfit() bool {
	return slices.ContainsFunc(f.lacks, func(w Why) bool { return w.Code == WhyNoneCovers || w.Code == WhyNoneServes })
}

type chooser struct {
	rule Rule
	q    Question
}

// meant tells whether the rule's fixed parts name this person.
func (c chooser) meant(p Person) bool {
	r := c.rule
	if r.PersonID != "" {
		return p.ID == r.PersonID
	}
	return (len(r.Roles) == 0 || p.Has(r.Roles...)) &&
		(len(r.Kinds) == 0 || slices.Contains(r.Kinds, p.Kind)) &&
		(r.Orientation == "" || p.Orientation == r.Orientation) &&
		(!r.Head || p.HeadsOwn || p.Has(HeadOfSales, HeadOfMarketing)) &&
		(len(r.Skills) == 0 || slices.ContainsFunc(r.Skills, func(s string) bool { return hasWord(p.Skills, s) }))
}

// narrow keeps those who fit the question, or everybody with a note of what
// nobody has.
func (c chooser) narrow(all []candidate) []candidate {
	if c.rule.PersonID != "" {
		return all
	}
	all = c.keep(all, c.rule.Covers && c.q.Product != "", Why{WhyNoneCovers, c.q.Product},
		func(p Person) bool { return hasWord(p.Products, c.q.Product) })
	all = c.keep(all, c.rule.Serves && c.q.Segment != "", Why{WhyNoneServes, c.q.Segment},
		func(p Person) bool { return hasWord(p.Segments, c.q.Segment) })
	return c.keep(all, c.rule.Near == SameRegion && c.q.RegionID != "", Why{WhyNoneThere, c.q.RegionName},
		func(p Person) bool { return p.RegionID == c.q.RegionID })
}

func (c chooser) keep(all []candidate, asked bool, lack Why, has func(Person) bool) []candidate {
	if !asked {
		return all
	}
	if some := slices.DeleteFunc(slices.Clone(all), func(f candidate) bool { return !has(f.Person) }); len(some) > 0 {
		return some
	}
	out := slices.Clone(all)
	for i := range out {
		out[i].lacks = append(slices.Clone(out[i].lacks), lack)
	}
	return out
}

// distance tells how far somebody works from the region in question.
func (c chooser) distance(p Person) int {
	switch {
	case c.rule.Near == AnyRegion || c.q.RegionID == "":
		return 0
	case p.RegionID == c.q.RegionID:
		return 0
	case c.q.Country != "" && p.Country == c.q.Country:
		return 1
	case c.q.UnitID != "" && p.UnitID == c.q.UnitID:
		return 2
	}
	return 3
}

func (c chooser) compare(a, b candidate) int {
	return cmp.Or(
		cmp.Compare(yes(a.unfit() && !leads(a.Person)), yes(b.unfit() && !leads(b.Person))),
		cmp.Compare(c.distance(a.Person), c.distance(b.Person)),
		cmp.Compare(c.roleRank(a.Person), c.roleRank(b.Person)),
		cmp.Compare(yes(a.Away() && a.Deputy == nil), yes(b.Away() && b.Deputy == nil)),
		cmp.Compare(yes(a.Away()), yes(b.Away())),
		strings.Compare(a.SortKey, b.SortKey),
		strings.Compare(a.ID, b.ID),
	)
}

// leads tells whether somebody decides for others when nobody fits.
func leads(p Person) bool { return p.HeadsOwn || p.Has(HeadOfSales, HeadOfMarketing) }

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// roleRank gives the place of somebody's first fitting role in the rule.
func (c chooser) roleRank(p Person) int {
	for i, r := range c.rule.Roles {
		if p.Has(r) {
			return i
		}
	}
	return len(c.rule.Roles)
}

func (c chooser) propose(f candidate) Proposal {
	pr := Proposal{Person: f.Person, Why: c.why(f), Fallback: len(f.lacks) > 0}
	if !f.Away() {
		return pr
	}
	pr.Until = f.Absence.To
	if f.Deputy == nil {
		pr.Why = append(pr.Why, Why{WhyAway, f.Absence.To.String()})
		return pr
	}
	away := f.Person
	pr.InPlaceOf, pr.Person = &away, *f.Deputy
	pr.Why = append([]Why{{WhyDeputy, away.Name()}}, pr.Why...)
	return pr
}

// why gives the reasons for somebody, the strongest first.
func (c chooser) why(f candidate) []Why {
	r, p := c.rule, f.Person
	var out []Why
	if r.PersonID != "" {
		out = append(out, Why{WhyNamed, ""})
	}
	if r.Covers && c.q.Product != "" && hasWord(p.Products, c.q.Product) {
		out = append(out, Why{WhyCovers, c.q.Product})
	}
	if r.Serves && c.q.Segment != "" && hasWord(p.Segments, c.q.Segment) {
		out = append(out, Why{WhyServes, c.q.Segment})
	}
	if i := c.roleRank(p); i < len(r.Roles) {
		out = append(out, Why{WhyRole, string(r.Roles[i])})
	}
	if len(r.Kinds) > 0 && len(r.Roles) == 0 {
		out = append(out, Why{WhyKind, string(p.Kind)})
	}
	if r.Orientation != "" {
		out = append(out, Why{WhyOrientation, string(r.Orientation)})
	}
	if r.Head || (len(f.lacks) > 0 && p.HeadsOwn) {
		out = append(out, Why{WhyHead, p.Department})
	}
	for _, s := range r.Skills {
		if hasWord(p.Skills, s) {
			out = append(out, Why{WhySkill, s})
			break
		}
	}
	if r.Near != AnyRegion && c.q.RegionID != "" {
		switch c.distance(p) {
		case 0:
			out = append(out, Why{WhyRegion, p.Region})
		case 1:
			out = append(out, Why{WhyCountry, p.Country})
		case 2:
			out = append(out, Why{WhyUnit, p.Unit})
		}
	}
	return append(out, f.lacks...)
}
