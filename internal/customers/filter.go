package customers

import (
	"net/url"
	"slices"
	"strings"

	"unisson/internal/platform/errs"
)

// Op is how a condition compares.
type Op string

// The operators. Which ones a field takes is told by Ops.
const (
	Is     Op = "is"     // one of the values
	Not    Op = "not"    // none of the values
	Has    Op = "has"    // contains the text
	Begins Op = "begins" // begins with the text
	Since  Op = "since"  // on or after a day; at least a number
	Before Op = "before" // before a day, or never; less than a number
	Empty  Op = "empty"
	Filled Op = "filled"
)

// Condition is one line of a filter.
type Condition struct {
	Field  string // a field, or account.FIELD for the employer of a contact
	Op     Op
	Values []string // canonical texts, or words: me, today, -90d, -12m
}

// Filter says which records a list shows: all of its conditions and groups, or
// any of them. The zero value shows every record.
type Filter struct {
	Any        bool
	Conditions []Condition
	Groups     []Filter
}

// IsZero tells whether it narrows nothing.
func (f Filter) IsZero() bool { return len(f.Conditions) == 0 && len(f.Groups) == 0 }

// Bounds of a filter: it comes from an address that anybody may write.
const (
	maxConditions = 40
	maxDepth      = 3
	maxValues     = 100
)

// String writes a filter as it stands in an address:
//
//	region:is:7f3a;(tier:is:a|last_touch:before:-90d)
//
// Conditions are joined by ; (and), or by | (or) inside brackets. Values are
// separated by commas; what has a meaning here is written %XX in them.
func (f Filter) String() string {
	parts := make([]string, 0, len(f.Conditions)+len(f.Groups))
	for _, c := range f.Conditions {
		parts = append(parts, c.String())
	}
	for _, g := range f.Groups {
		if !g.IsZero() {
			parts = append(parts, "("+g.String()+")")
		}
	}
	if f.Any {
		return strings.Join(parts, "|")
	}
	return strings.Join(parts, ";")
}

// String writes one condition.
func (c Condition) String() string {
	if len(c.Values) == 0 {
		return c.Field + ":" + string(c.Op)
	}
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = escape.Replace(v)
	}
	return c.Field + ":" + string(c.Op) + ":" + strings.Join(values, ",")
}

var escape = strings.NewReplacer("%", "%25", ",", "%2C", ";", "%3B", "|", "%7C", "(", "%28", ")", "%29", ":", "%3A")

// ParseFilter reads what String wrote. Anything else is errs.Malformed. That
// fields exist and take their operators is checked by Schema.CheckFilter.
func ParseFilter(s string) (Filter, error) {
	p := filterParser{rest: s}
	f := p.list(0)
	if p.bad || p.rest != "" {
		return Filter{}, errs.Malformed("filter", "customers.errors.filter")
	}
	if len(f.Groups) == 1 && len(f.Conditions) == 0 {
		return f.Groups[0], nil // the whole in brackets
	}
	return f, nil
}

type filterParser struct {
	rest  string
	count int
	bad   bool
}

func (p *filterParser) list(depth int) Filter {
	var f Filter
	var joint byte
	if depth > maxDepth {
		p.bad = true
	}
	for !p.bad && p.rest != "" && p.rest[0] != ')' {
		if p.rest[0] == '(' {
			p.rest = p.rest[1:]
			g := p.list(depth + 1)
			f.Groups = append(f.Groups, g)
			if g.IsZero() || p.rest == "" || p.rest[0] != ')' {
				p.bad = true
				return f
			}
			p.rest = p.rest[1:]
		} else {
			f.Conditions = append(f.Conditions, p.condition())
		}
		if p.rest == "" || p.rest[0] == ')' {
			break
		}
		if c := p.rest[0]; (c != ';' && c != '|') || (joint != 0 && c != joint) {
			p.bad = true
		} else {
			joint, p.rest = c, p.rest[1:]
			p.bad = p.bad || p.rest == ""
		}
	}
	f.Any = joint == '|'
	return f
}

func (p *filterParser) condition() Condition {
	end := strings.IndexAny(p.rest, ";|()")
	if end < 0 {
		end = len(p.rest)
	}
	part := strings.SplitN(p.rest[:end], ":", 3)
	p.rest = p.rest[end:]
	p.count++
	if p.count > maxConditions || len(part) < 2 || part[0] == "" {
		p.bad = true
		return Condition{}
	}
	c := Condition{Field: part[0], Op: Op(part[1])}
	if len(part) == 3 {
		for v := range strings.SplitSeq(part[2], ",") {
			plain, err := url.PathUnescape(v)
			if err != nil || len(c.Values) == maxValues {
				p.bad = true
				return c
			}
			c.Values = append(c.Values, plain)
		}
	}
	return c
}

// Ops lists the operators that a field takes, in the order in which they are
// offered.
func (f Field) Ops() []Op {
	switch f.Type {
	case Text, Long, Lines, URL:
		return []Op{Has, Begins, Is, Not, Filled, Empty}
	case Emails, Phones:
		return []Op{Has, Is, Filled, Empty}
	case Number, Whole, Money:
		return []Op{Since, Before, Is, Filled, Empty}
	case Date, Instant:
		return []Op{Since, Before, Filled, Empty}
	}
	return []Op{Is, Not, Filled, Empty}
}

// filterField finds the field that a condition names; of is the kind whose
// field it is.
func (s *Schema) filterField(name string, accounts *Schema) (f Field, of Kind, ok bool) {
	if rest, found := strings.CutPrefix(name, "account."); found && s.Kind == KindContact && accounts != nil {
		f, ok = accounts.Field(rest)
		return f, KindAccount, ok
	}
	f, ok = s.Field(name)
	return f, s.Kind, ok
}

// CheckFilter tells whether a filter can be asked of records of s; accounts are
// the fields of the employers of contacts.
func (s *Schema) CheckFilter(f Filter, accounts *Schema) error {
	for _, c := range f.Conditions {
		field, _, ok := s.filterField(c.Field, accounts)
		if !ok || !slices.Contains(field.Ops(), c.Op) {
			return errs.Malformed("filter", "customers.errors.filter_field")
		}
		if needs := c.Op != Empty && c.Op != Filled; needs != (len(c.Values) > 0) {
			return errs.Malformed("filter", "customers.errors.filter_value")
		}
	}
	for _, g := range f.Groups {
		if err := s.CheckFilter(g, accounts); err != nil {
			return err
		}
	}
	return nil
}

// Fields lists the fields that a filter asks about, each once.
func (f Filter) Fields() []string {
	var out []string
	for _, c := range f.Conditions {
		if !slices.Contains(out, c.Field) {
			out = append(out, c.Field)
		}
	}
	for _, g := range f.Groups {
		for _, name := range g.Fields() {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
