package customers

import (
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// cond is one condition as SQL over a row called @, with marks $# for its
// arguments. pick, where there is one, selects the ids of the rows that meet it
// by an index.
type cond struct {
	text     string
	args     []any
	pick     string
	pickArgs []any
	column   string // the column that leads an index by name, when one value is asked
	value    string
}

// asker knows what the words in a filter mean for who asks, and when.
type asker struct {
	me       string
	now      time.Time // in the organisation's zone
	contacts *Schema
	accounts *Schema
}

func (a asker) schema(k Kind) *Schema {
	if k == KindAccount {
		return a.accounts
	}
	return a.contacts
}

// all compiles the parts of a filter that must all be met.
func (a asker) all(k Kind, f Filter) ([]cond, error) {
	if f.Any || f.IsZero() {
		if f.IsZero() {
			return nil, nil
		}
		c, err := a.any(k, f)
		return []cond{c}, err
	}
	var out []cond
	for _, c := range f.Conditions {
		one, err := a.one(k, c)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	for _, g := range f.Groups {
		if g.IsZero() {
			continue
		}
		parts, err := a.all(k, g)
		if err != nil {
			return nil, err
		}
		out = append(out, parts...)
	}
	return out, nil
}

// any joins what may be met by one part alone. No index helps.
func (a asker) any(k Kind, f Filter) (cond, error) {
	var out cond
	var texts []string
	for _, c := range f.Conditions {
		one, err := a.one(k, c)
		if err != nil {
			return out, err
		}
		texts, out.args = append(texts, one.text), append(out.args, one.args...)
	}
	for _, g := range f.Groups {
		parts, err := a.all(k, g)
		if err != nil {
			return out, err
		}
		var inner []string
		for _, p := range parts {
			inner, out.args = append(inner, p.text), append(out.args, p.args...)
		}
		texts = append(texts, "("+strings.Join(inner, " and ")+")")
	}
	out.text = "(" + strings.Join(texts, " or ") + ")"
	return out, nil
}

// one compiles one condition.
func (a asker) one(k Kind, c Condition) (cond, error) {
	s := a.schema(k)
	f, of, ok := s.filterField(c.Field, a.accounts)
	if !ok {
		return cond{}, errs.Malformed("filter", "customers.errors.filter_field")
	}
	if of == k {
		return a.field(k, f, c)
	}
	inner, err := a.field(KindAccount, f, c)
	if err != nil {
		return inner, err
	}
	out := cond{text: `exists (select 1 from accounts e where e.id = @.account_id and ` + inner.as("e") + `)`, args: inner.args}
	if inner.pick != "" {
		out.pick, out.pickArgs = `select c.id from contacts c where c.account_id in (`+inner.pick+`)`, inner.pickArgs
	}
	return out, nil
}

// as gives the condition for a row that the statement calls name.
func (c cond) as(name string) string { return strings.ReplaceAll(c.text, "@.", name+".") }

func (a asker) field(k Kind, f Field, c Condition) (cond, error) {
	values, err := a.values(f, c)
	if err != nil {
		return cond{}, err
	}
	switch {
	case f.Type == Tags:
		return tagged(c.Op, values), nil
	case f.Type == Emails || f.Type == Phones:
		return reached(f, c.Op, values), nil
	case f.Custom != nil:
		return custom(f, c.Op, values), nil
	}
	return column(k, f, c.Op, values), nil
}

// values gives the arguments of a condition, words resolved.
func (a asker) values(f Field, c Condition) ([]any, error) {
	out := make([]any, len(c.Values))
	for i, v := range c.Values {
		switch {
		case f.Type == Person && v == "me":
			out[i] = a.me
		case f.Type == Date || f.Type == Instant:
			day, err := a.day(v)
			if err != nil {
				return nil, err
			}
			if f.Type == Date {
				out[i] = day.String()
			} else {
				out[i] = int64(db.At(time.Date(day.Year, day.Month, day.Date, 0, 0, 0, 0, a.now.Location())))
			}
		case f.Type == Money && f.Custom == nil:
			out[i] = textCents(v)
		case f.Type == Number || f.Type == Whole || f.Type == Money:
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return nil, errs.Malformed("filter", "customers.errors.filter_value")
			}
			if f.Type == Whole {
				out[i] = int64(n)
			} else {
				out[i] = n
			}
		default:
			out[i] = v
		}
	}
	return out, nil
}

// day reads a day, or one told from today: -90d, -12m, today, month, year.
func (a asker) day(v string) (clock.Day, error) {
	if d, err := clock.ParseDay(v); err == nil {
		return d, nil
	}
	t := a.now
	switch v {
	case "today":
		return clock.DayOf(t), nil
	case "month":
		return clock.DayOf(t.AddDate(0, 0, 1-t.Day())), nil
	case "year":
		return clock.DayOf(time.Date(t.Year(), 1, 1, 0, 0, 0, 0, t.Location())), nil
	}
	if n, err := strconv.Atoi(strings.TrimRight(v, "dm")); err == nil && len(v) > 1 && n <= 0 && n > -36_500 {
		switch v[len(v)-1] {
		case 'd':
			return clock.DayOf(t.AddDate(0, 0, n)), nil
		case 'm':
			return clock.DayOf(t.AddDate(0, n, 0)), nil
		}
	}
	return clock.Day{}, errs.Malformed("filter", "customers.errors.filter_value")
}

func negate(op Op, text string) string {
	if op == Not || op == Empty {
		return "not " + text
	}
	return text
}

func tagged(op Op, names []any) cond {
	if op == Empty || op == Filled {
		return cond{text: negate(op, `exists (select 1 from record_tags x where x.record_id = @.id)`)}
	}
	for i, n := range names {
		names[i] = db.Fold(n.(string))
	}
	pick := `select x.record_id from record_tags x join tags t on t.id = x.tag_id where t.name_key in (` + db.Marks(len(names)) + `)`
	c := cond{text: negate(op, `exists (select 1 from record_tags x join tags t on t.id = x.tag_id where x.record_id = @.id and t.name_key in (`+db.Marks(len(names))+`))`), args: names}
	if op == Is {
		c.pick, c.pickArgs = pick, names
	}
	return c
}

func reached(f Field, op Op, values []any) cond {
	kind := `'` + pointKind(f.Type) + `'`
	exists := func(more string) string {
		return `exists (select 1 from points x where x.record_id = @.id and x.kind = ` + kind + more + `)`
	}
	switch op {
	case Empty, Filled:
		return cond{text: negate(op, exists(""))}
	case Has:
		return cond{text: exists(` and x.value like $# escape '\'`), args: []any{"%" + db.LikePrefix(db.Fold(values[0].(string)))}}
	}
	for i, v := range values {
		values[i] = db.Fold(v.(string))
	}
	in := ` and x.value in (` + db.Marks(len(values)) + `)`
	return cond{text: exists(in), args: values, pick: `select x.record_id from points x where x.kind = ` + kind + in, pickArgs: values}
}

func custom(f Field, op Op, values []any) cond {
	base := `exists (select 1 from custom_values x where x.record_id = @.id and x.field_id = $#`
	id := f.Custom.ID
	with := func(more string, args ...any) cond {
		return cond{text: negate(op, base+more+`)`), args: append([]any{id}, args...)}
	}
	numeric := f.Type == Number || f.Type == Money
	switch {
	case op == Empty || op == Filled:
		return with("")
	case op == Has:
		return with(` and x.value_key like $# escape '\'`, "%"+db.LikePrefix(db.Fold(values[0].(string))))
	case op == Begins:
		return with(` and x.value_key like $# escape '\'`, db.LikePrefix(db.Fold(values[0].(string))))
	case op == Since && numeric:
		return with(` and x.number >= $#`, values[0])
	case op == Before && numeric:
		return with(` and x.number < $#`, values[0])
	case op == Since:
		return with(` and x.value_key >= $#`, values[0])
	case op == Before:
		return with(` and x.value_key < $#`, values[0])
	case numeric:
		return with(` and x.number in (`+db.Marks(len(values))+`)`, values...)
	}
	for i, v := range values {
		values[i] = cutKey(db.Fold(v.(string)))
	}
	in := ` and x.value_key in (` + db.Marks(len(values)) + `)`
	c := with(in, values...)
	if op == Is {
		c.pick, c.pickArgs = `select x.record_id from custom_values x where x.field_id = $#`+in, append([]any{id}, values...)
	}
	return c
}

// indexed are the columns that lead an index, apart from the text ones that are
// folded: how the ids of their rows are picked.
func indexed(k Kind, f Field) (column string, byName bool) {
	switch f.Name {
	case "sales", "marketing", "region":
		return f.Column, true
	case "tier", "sector", "city":
		if k == KindAccount {
			return f.Key, true
		}
	case "language", "account":
		if k == KindContact {
			return f.Column, true
		}
	case "siren", "siret", "vat", "domain", "parent":
		return f.Column, false
	case "external_id":
		return f.Key, false
	case "source":
		return f.Column, false
	}
	return "", false
}

// column compiles a condition on a column of the row itself.
func column(k Kind, f Field, op Op, values []any) cond {
	col := `@.` + f.Column
	plain := f.Type == Text || f.Type == Long || f.Type == Lines || f.Type == URL
	absent := `''`
	switch f.Type {
	case Whole, Money:
		absent = `0`
	case Instant:
		absent = `0`
	case Account:
		col = `coalesce(` + col + `, '')`
	}
	switch op {
	case Empty:
		if absent == `0` {
			return cond{text: `coalesce(` + col + `, 0) = 0`}
		}
		return cond{text: col + ` = ''`}
	case Filled:
		if absent == `0` {
			return cond{text: `coalesce(` + col + `, 0) <> 0`}
		}
		return cond{text: col + ` <> ''`}
	case Since:
		return cond{text: col + ` >= $#`, args: values[:1]}
	case Before:
		if f.Type == Date {
			return cond{text: `(` + col + ` < $# and ` + col + ` <> '')`, args: values[:1]}
		}
		return cond{text: col + ` < $#`, args: values[:1]}
	}
	if plain {
		return textual(k, f, op, values)
	}
	if f.Type == Choices {
		return several(f, op, values)
	}
	c := cond{args: values}
	in := ` in (` + db.Marks(len(values)) + `)`
	// Joined to nothing, so that this condition never picks the index: which one
	// to walk is decided by the list.
	c.text = negate(op, `(`+col+` || '')`+in)
	if f.Type == Whole || f.Type == Money {
		c.text = negate(op, col+in)
	}
	if name, byName := indexed(k, f); name != "" && op == Is {
		c.pick, c.pickArgs = `select x.id from `+layoutOf(k).table+` x where x.`+name+in, values
		if byName && len(values) == 1 {
			c.column, c.value = name, values[0].(string)
		}
	}
	return c
}

// several compiles a condition on codes kept in one column with blanks between.
func several(f Field, op Op, values []any) cond {
	parts, args := make([]string, len(values)), make([]any, len(values))
	for i, v := range values {
		parts[i], args[i] = `(' ' || @.`+f.Column+` || ' ') like $# escape '\'`, "% "+db.LikePrefix(v.(string))
		args[i] = strings.TrimSuffix(args[i].(string), "%") + " %"
	}
	return cond{text: negate(op, `(`+strings.Join(parts, " or ")+`)`), args: args}
}

// textual compiles a condition on text, folded where a folded column exists.
func textual(k Kind, f Field, op Op, values []any) cond {
	col, folded := `@.`+f.Column, f.Key != "" && f.Name != "family"
	if folded {
		col = `@.` + f.Key
	}
	value := func(v any) string {
		if folded {
			return cutKey(db.Fold(v.(string)))
		}
		return v.(string)
	}
	switch op {
	case Has:
		return cond{text: `(` + col + ` || '') like $# escape '\'`, args: []any{"%" + db.LikePrefix(value(values[0]))}}
	case Begins:
		c := cond{text: `(` + col + ` || '') like $# escape '\'`, args: []any{db.LikePrefix(value(values[0]))}}
		if f.Name == "name" || (f.Name == "city" && k == KindAccount) {
			p := value(values[0])
			c.pick, c.pickArgs = `select x.id from `+layoutOf(k).table+` x where x.`+f.Key+` >= $# and x.`+f.Key+` < $#`, []any{p, p + "\U0010ffff"}
		}
		return c
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = value(v)
	}
	in := ` in (` + db.Marks(len(values)) + `)`
	c := cond{text: negate(op, `(`+col+` || '')`+in), args: args}
	if name, byName := indexed(k, f); name != "" && op == Is {
		c.pick, c.pickArgs = `select x.id from `+layoutOf(k).table+` x where x.`+name+in, args
		if byName && len(values) == 1 {
			c.column, c.value = name, args[0].(string)
		}
	}
	return c
}
