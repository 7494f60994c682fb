package table

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

// cards reads vCards of versions 2.1, 3.0 and 4.0.
//
// Each card is one record, named by the line of its BEGIN. Photos, logos, sounds and keys are dropped, as is what
// describes the file (VERSION, PRODID) or how a phone shows a value (X-ABLABEL); any other property has a column.
type cards struct {
	s        *splitter
	encoding string // of bytes that do not say theirs
	held     *logical
}

func newCards(t text, encoding string) *cards {
	return &cards{s: newSplitter(t, Dialect{}), encoding: encoding}
}

func newCardRows(t text, d Dialect) rows { return newKeyedRows(newCards(t, d.Encoding), d) }

// fields gives the next card.
func (c *cards) fields() (int64, []pair, error) {
	l, err := c.logical(false)
	if err != nil {
		return 0, nil, err
	}
	begin := l.at
	if !l.is("BEGIN", "VCARD") {
		return begin, nil, c.outside(begin, l)
	}
	card := &card{}
	depth, agent := 0, false
	for {
		l, err := c.logical(card.old)
		switch {
		case err == io.EOF:
			return begin, nil, broken(begin, begin, "imports.row.card_open")
		case err != nil:
			if e := (*RowError)(nil); asRowError(err, &e) {
				c.skipCard()
				e.Params["line"], e.Line = e.Line, begin
			}
			return begin, nil, err
		case l.is("BEGIN", "VCARD") && agent:
			depth++
		case l.is("BEGIN", "VCARD"):
			c.held = &l
			return begin, nil, broken(begin, begin, "imports.row.card_open")
		case l.is("END", "VCARD") && depth > 0:
			depth--
		case l.is("END", "VCARD"):
			if len(card.values) == 0 {
				return begin, nil, broken(begin, begin, "imports.row.card_empty")
			}
			return begin, card.pairs(), nil
		case depth > 0:
		case l.name == "":
			c.skipCard()
			return begin, nil, broken(begin, l.at, "imports.row.card_line")
		default:
			if code := card.take(l, c.encoding); code != "" {
				c.skipCard()
				return begin, nil, broken(begin, l.at, code)
			}
		}
		agent = l.name == "AGENT" && strings.TrimSpace(string(l.value)) == ""
	}
}

func broken(begin, line int64, code string) *RowError {
	return &RowError{Line: begin, Code: code, Params: map[string]any{"line": line}}
}

// skipCard goes behind the end of a card that is given up.
func (c *cards) skipCard() {
	for {
		l, err := c.logical(false)
		if e := (*RowError)(nil); err != nil && !asRowError(err, &e) {
			return
		}
		if err == nil && l.is("BEGIN", "VCARD") {
			c.held = &l
			return
		}
		if err == nil && l.is("END", "VCARD") {
			return
		}
	}
}

// outside passes over lines that belong to no card, as one bad record.
func (c *cards) outside(at int64, first logical) error {
	for {
		l, err := c.logical(false)
		if err == io.EOF {
			break
		}
		if e := (*RowError)(nil); err != nil && !asRowError(err, &e) {
			return err
		}
		if err == nil && l.is("BEGIN", "VCARD") {
			c.held = &l
			break
		}
	}
	e := broken(at, at, "imports.row.card_outside")
	e.Cells = []string{clip(first.name + ":" + string(first.value[:min(len(first.value), 200)]))}
	return e
}

// card collects the values of one card.
type card struct {
	old    bool // version 2.1
	values []value
}

type value struct {
	base, part string // column "base_part", numbered by base
	text       string
	pref       bool
	group      int // values of one address go together
}

// take adds what a property says.
func (c *card) take(l logical, encoding string) string {
	if l.name == "VERSION" {
		c.old = strings.HasPrefix(strings.TrimSpace(string(l.value)), "2")
		return ""
	}
	if l.dropped() || dropped(l.name) {
		return ""
	}
	text, code := l.text(encoding)
	if code != "" {
		return code
	}
	if l.has("BASE64") || l.has("B") {
		return ""
	}
	pref := l.has("PREF") || l.param("PREF") == "1"
	add := func(base, part, s string) {
		if s = strings.TrimSpace(s); s != "" {
			c.values = append(c.values, value{base, part, s, pref, len(c.values)})
		}
	}
	switch l.name {
	case "N":
		parts := components(text, 5)
		for i, part := range []string{"family", "given", "additional", "prefix", "suffix"} {
			add("name", part, strings.Join(list(parts[i]), " "))
		}
	case "FN":
		add("full_name", "", unescape(text))
	case "ORG":
		parts := components(text, 2)
		add("company", "", unescape(parts[0]))
		add("department", "", strings.Join(splitUnescaped(strings.Join(parts[1:], ";"), ';'), ", "))
	case "ADR":
		c.address(text, kindOf(l), pref)
	case "TEL":
		add("phone"+kindOfPhone(l), "", strings.TrimPrefix(unescape(text), "tel:"))
	case "EMAIL":
		add("email", "", strings.TrimPrefix(unescape(text), "mailto:"))
	case "CATEGORIES", "NICKNAME":
		add(columnOf(l.name), "", strings.Join(list(text), "; "))
	default:
		add(columnOf(l.name), "", unescape(text))
	}
	return ""
}

func (c *card) address(text, kind string, pref bool) {
	parts, group := components(text, 7), len(c.values)
	for _, p := range []struct {
		i    int
		part string
	}{{2, "street"}, {1, "extra"}, {0, "po_box"}, {5, "postcode"}, {3, "city"}, {4, "region"}, {6, "country"}} {
		s := strings.TrimSpace(strings.Join(list(parts[p.i]), ", "))
		if s != "" {
			c.values = append(c.values, value{"address" + kind, p.part, s, pref, group})
		}
	}
}

// pairs numbers what is there several times, the preferred first: email, email 2.
func (c *card) pairs() []pair {
	slices.SortStableFunc(c.values, func(a, b value) int { return btoi(b.pref) - btoi(a.pref) })
	groups, seen := map[string][]int{}, map[string]int{}
	out := make([]pair, 0, len(c.values))
	for _, v := range c.values {
		key, n := v.base, 0
		if v.part == "" {
			seen[key]++
			n = seen[key]
		} else {
			key += "_" + v.part
			if v.base == "name" {
				seen[key]++
				n = seen[key]
			} else {
				if !slices.Contains(groups[v.base], v.group) {
					groups[v.base] = append(groups[v.base], v.group)
				}
				n = slices.Index(groups[v.base], v.group) + 1
			}
		}
		if n > 1 {
			key += " " + strconv.Itoa(n)
		}
		out = append(out, pair{key, v.text})
	}
	return out
}

// order puts columns as people expect them, numbered ones beside the first.
func (c *cards) order(keys []string) {
	rank := func(key string) int {
		base, _, _ := strings.Cut(key, " ")
		for i, p := range []string{"full_name", "name_prefix", "name_given", "name_additional", "name_family", "name_suffix", "nickname", "company", "department",
			"job_title", "role", "email", "phone", "address", "website", "birthday", "categories", "note"} {
			if base == p || strings.HasPrefix(base, p+"_") {
				return i
			}
		}
		return 100
	}
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
}
