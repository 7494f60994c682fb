package customers

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// intake is what stays the same through one run of an import.
type intake struct {
	kind     Kind
	sch      *Schema
	accounts *Schema
	clean    Cleaner
	people   map[string]string  // id, address or name → id; two of one name → ""
	roles    map[string]string  // id → the side on which he owns: sales, marketing
	places   map[string]string  // "unit "+name or id → id
	forgets  bool               // somebody is to stay forgotten or unreached
	absent   []string           // for whom the importer stands in
	dry      *memory            // what a dry run would have written so far
	met      map[uuid.UUID]bool // records that a row of this file was about: of two rows that contradict each other the first counts
}

// meetRecord notes that a row was about a record, and tells whether one was before.
func (in *intake) meetRecord(id string) bool {
	key, err := uuid.Parse(id)
	if err != nil {
		return false
	}
	before := in.met[key]
	in.met[key] = true
	return before
}

// draft is one row on its way in.
type draft struct {
	row     registry.Row
	v       Values
	id      string
	company firm // where a contact works, or whose site an account is
	parent  string
	keys    []string // "kind value", the surest first
	fate    registry.Fate
}

// firm is a company that a row names on the way.
type firm struct{ id, name, legal, siren, domain string }

func (f firm) none() bool { return f.id == "" && f.name == "" && f.siren == "" && f.domain == "" }

func (d *draft) doubt(code, field, value string) {
	if utf8.RuneCountInString(value) > 100 {
		value = string([]rune(value)[:100])
	}
	d.fate.Doubts = append(d.fate.Doubts, registry.Doubt{Code: code, Field: field, Value: value})
}

func (d *draft) reject(code, field string) {
	d.fate.What, d.fate.Code, d.fate.Field = registry.Rejected, code, field
}

// read makes canonical values of the cells of a row. What cannot be read is
// left out and told; only a row that names nobody is lost for it.
func (in *intake) read(b *registry.Batch, row registry.Row) *draft {
	d := &draft{row: row, v: Values{}, fate: registry.Fate{N: row.N}}
	country := in.clean.Country
	if code, ok := ParseCountry(row.Values["country"]); ok {
		country = code
	}
	for _, name := range in.sch.Names() {
		raw := strings.TrimSpace(row.Values[name])
		if raw == "" {
			continue
		}
		f, _ := in.sch.Field(name)
		v, code := in.value(d, f, raw, b.Formats[name], country)
		if code == "" && v != "" && tooLong(f, v) {
			code = "errors.too_long"
		}
		if code != "" {
			d.doubt(code, name, raw)
			continue
		}
		if v != "" {
			d.v[name] = v
		}
	}
	in.pseudo(d, row.Values)
	in.address(d)
	d.keys = in.keysOf(d, b.Key)
	return d
}

// value reads one cell.
func (in *intake) value(d *draft, f Field, raw, format, country string) (v, code string) {
	switch f.Type {
	case Emails:
		return in.clean.points(f, splitLines(raw, SplitEmails), country)
	case Phones:
		return in.clean.points(f, splitLines(raw, SplitPhones), country)
	case Tags:
		kept := slices.DeleteFunc(strings.Split(tagLines(raw), "\n"), func(t string) bool {
			long := utf8.RuneCountInString(t) > 60
			if long {
				d.doubt("errors.too_long", f.Name, t)
			}
			return long
		})
		return strings.Join(kept, "\n"), ""
	case Lines:
		v = strings.Join(lines(raw), "\n")
		if f.Max > 0 && utf8.RuneCountInString(v) > f.Max {
			return raw, "errors.too_long"
		}
		return v, ""
	case Date:
		if _, err := clock.ParseDay(raw); err == nil {
			return raw, ""
		}
		if format == "" {
			format = string(DayFirst)
		}
		if day, ok := ParseDay(raw, DayOrder(format)); ok {
			return day, ""
		}
		return raw, "customers.errors.date"
	case Number, Whole, Money:
		if n, ok := ParseNumber(raw, firstRune(format)); ok && format != "" && f.Type != Money {
			raw = n
		}
	case Person:
		return in.person(raw, "customers.import.person")
	case Unit, Region:
		if id := in.places[string(f.Type)+" "+db.Fold(raw)]; id != "" {
			return id, ""
		}
		return raw, "customers.errors.choose"
	case Account:
		if f.Name == "parent" {
			d.parent = line(raw)
		} else {
			d.company.id = line(raw)
		}
		return "", ""
	}
	v, code = in.clean.one(f, raw, country)
	if code == "" && in.kind == KindContact && (f.Name == "given" || f.Name == "family") {
		v = TidyName(v)
	}
	return v, code
}

func firstRune(s string) rune {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return 0
	}
	return r
}

// splitLines opens cells that hold several addresses or numbers; each line is a
// cell, a tab and its label.
func splitLines(raw string, split func(string) []string) string {
	var out []string
	for l := range strings.SplitSeq(raw, "\n") {
		cell, label, _ := strings.Cut(l, "\t")
		for _, one := range split(cell) {
			if label != "" {
				one += "\t" + label
			}
			out = append(out, one)
		}
	}
	return strings.Join(out, "\n")
}

func (in *intake) person(raw, code string) (string, string) {
	raw = line(raw)
	for _, key := range []string{raw, db.Fold(raw), nameWords(raw)} {
		if id := in.people[key]; id != "" {
			return id, ""
		}
	}
	return raw, code
}

// nameWords is a name whatever the order of its words.
func nameWords(s string) string {
	words := strings.Fields(plain(s))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// pseudo reads what is said beside the fields.
func (in *intake) pseudo(d *draft, cells map[string]string) {
	d.id = strings.TrimSpace(cells[fileID])
	if full := line(cells[fileFullName]); full != "" && d.v["given"] == "" && d.v["family"] == "" && in.kind == KindContact {
		given, family := SplitName(full)
		for f, v := range map[string]string{"given": given, "family": family} {
			if utf8.RuneCountInString(v) > 100 {
				d.doubt("errors.too_long", f, v)
			} else if v != "" {
				d.v[f] = v
			}
		}
	}
	if raw := line(cells[fileOwner]); raw != "" {
		if id, code := in.person(raw, "customers.import.person"); code != "" {
			d.doubt(code, fileOwner, raw)
		} else if side := in.roles[id]; side != "" && d.v[side] == "" {
			d.v[side] = id
		}
	}
	in.status(d, line(cells[fileStatus]))
	if in.kind == KindAccount {
		if len(d.v["siret"]) == 14 {
			d.v["kind"], d.v["siren"] = "site", d.v["siret"][:9]
			d.company = firm{name: d.v["name"], legal: d.v["legal_name"], siren: d.v["siren"]}
		}
		return
	}
	if name := line(cells[fileCompany]); name != "" && utf8.RuneCountInString(name) <= 200 {
		d.company.name = name
	} else if name != "" {
		d.doubt("errors.too_long", fileCompany, name)
	}
	if siren, ok := ParseSIREN(cells[fileSiren]); ok {
		d.company.siren = siren
	} else if cells[fileSiren] != "" {
		d.doubt("customers.errors.siren", fileSiren, cells[fileSiren])
	}
	d.company.domain = Domain(cells[fileDomain])
}

// status keeps what another program calls the state: as a refusal, as a
// relation, else as a tag.
func (in *intake) status(d *draft, state string) {
	switch {
	case state == "":
	case in.kind == KindContact && unsubscribed(state):
		f, _ := in.sch.Field("refuses")
		d.v["refuses"] = union(f, d.v["refuses"], "email")
	case in.kind == KindAccount && relationOf(state) != "":
		f, _ := in.sch.Field("relations")
		d.v["relations"] = union(f, d.v["relations"], relationOf(state))
	case utf8.RuneCountInString(state) <= 60:
		f, _ := in.sch.Field("tags")
		d.v["tags"] = union(f, d.v["tags"], tagLines(state))
	default:
		d.doubt("errors.too_long", fileStatus, state)
	}
}

// address puts postcode and city in their cells: "13002 MARSEILLE", "MARSEILLE 2".
func (in *intake) address(d *draft) {
	city := d.v["city"]
	if city == "" {
		return
	}
	country := d.v["country"]
	if country == "" {
		country = in.clean.Country
	}
	p := ParsePlace(city, country)
	if p.City == "" || utf8.RuneCountInString(p.City) > 120 {
		return
	}
	d.v["city"] = p.City
	for f, v := range map[string]string{"postcode": p.Postcode, "country": p.Country, "province": p.Province} {
		if v != "" && d.v[f] == "" && (f != "country" || p.Postcode != "") {
			d.v[f] = v
		}
	}
}

// keysOf lists by what a row may be found, the surest first. Only what the
// chosen key names counts, when one is chosen.
func (in *intake) keysOf(d *draft, key string) []string {
	var out []string
	add := func(kind, value string) {
		if value != "" && (key == registry.KeyAuto || key == "" || key == kind) {
			out = append(out, kind+" "+value)
		}
	}
	add("id", d.id)
	add("external_id", cutKey(db.Fold(d.v["external_id"])))
	for _, p := range PointsOf("email", d.v["emails"]) {
		if p.State == "" {
			add("emails", p.Value)
		}
	}
	if in.kind == KindAccount {
		add("siret", d.v["siret"])
		if d.v["siret"] == "" {
			add("siren", d.v["siren"])
			add("vat", d.v["vat"])
		}
	}
	return out
}

// union adds to a value of several parts what it lacks.
func union(f Field, has, more string) string {
	if has == "" || more == "" {
		return has + more
	}
	switch f.Type {
	case Tags:
		return tagLines(has + "\n" + more)
	case Choices:
		return strings.Join(someIn(f.Choices, strings.Split(has, "\n"), strings.Split(more, "\n")), "\n")
	case Emails, Phones:
		known := map[string]bool{}
		for _, p := range PointsOf("", has) {
			known[p.Value] = true
		}
		for _, p := range PointsOf("", more) {
			if !known[p.Value] {
				has += "\n" + p.Line()
			}
		}
		return has
	}
	return strings.Join(lines(has+"\n"+more), "\n")
}

// someIn gives the codes that stand in one of two lists, in their order.
func someIn(all, a, b []string) []string {
	var out []string
	for _, c := range all {
		if slices.Contains(a, c) || slices.Contains(b, c) {
			out = append(out, c)
		}
	}
	return out
}

// mayChange tells, as Service.may does, whether a record is the importer's to
// change; who may only import changes what has no owner.
func (in *intake) mayChange(a auth.Actor, rec *Record) bool {
	if a.Can(MayEditAny) {
		return true
	}
	owners := []string{rec.Values["sales"], rec.Values["marketing"]}
	if owners[0] == "" && owners[1] == "" {
		return true
	}
	for _, o := range owners {
		if o != "" && (o == a.UserID || slices.Contains(in.absent, o)) {
			return true
		}
	}
	return false
}

// sideOf tells on which side somebody owns customers.
func sideOf(roles []string) string {
	for _, r := range roles {
		switch auth.Role(r) {
		case team.Marketer, team.HeadOfMarketing:
			return "marketing"
		}
	}
	return "sales"
}

// values are those of a company that a row names on the way.
func (f firm) values() Values {
	v := Values{"kind": "company"}
	set := map[string]string{"name": f.name, "legal_name": f.legal, "siren": f.siren}
	if f.domain != "" {
		set["website"] = "https://" + f.domain
	}
	if f.name == "" {
		set["name"] = f.legal
	}
	maps.DeleteFunc(set, func(_, v string) bool { return v == "" })
	maps.Copy(v, set)
	if v["name"] == "" {
		v["name"] = f.domain + f.siren
	}
	return v
}
