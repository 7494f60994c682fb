package team

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
)

// Filter narrows the directory. Its zero value is everybody who works here.
type Filter struct {
	Text         string // every word must begin a word of the person
	Role         auth.Role
	Kind         Kind
	DepartmentID string // this one and those below it
	UnitID       string
	RegionID     string
	CityKey      string
	Product      string
	Segment      string
	Skill        string
	Language     string
	ManagerID    string
	IDs          []string
	Rule         *Rule  // who a line of the guide means, whatever the product
	Status       Status // empty: who works here now
	Everyone     bool   // whatever the status
	Without      string // somebody left out
	Away         bool   // absent today, at the company's seat

	departments []string // DepartmentID with those below, filled in by the service
	today       string   // the day of Away, filled in by the service
	at          Cursor
	limit       int
}

// Cursor is a place in the list: the people after somebody, or before him.
type Cursor struct {
	SortKey, ID string
	Before      bool
}

const personColumns = `u.id, u.given_name, u.family_name, u.email, u.status, u.expires_at, u.sort_key, u.time_zone,
	coalesce((select string_agg(r.role, ' ' order by r.role) from user_roles r where r.user_id = u.id), ''),
	coalesce(p.title, ''), coalesce(p.phone, ''), coalesce(p.channel, ''), coalesce(p.city, ''),
	coalesce(nullif(p.country, ''), g.country, ''),
	coalesce(d.id, ''), coalesce(d.name, ''), coalesce(d.kind, ''), coalesce(d.orientation, ''),
	case when d.head_id = u.id then true else false end,
	coalesce(n.id, ''), coalesce(n.name, ''), coalesce(g.id, ''), coalesce(g.name, ''), coalesce(g.time_zone, ''), p.confirmed_at,
	case when p.user_id is null then false else true end`

const fromPeople = ` from users u
	left join people p on p.user_id = u.id
	left join departments d on d.id = p.department_id
	left join units n on n.id = p.unit_id
	left join regions g on g.id = p.region_id`

// listed is a person with the zone his days are counted in, and when he last
// said that his profile is right.
type listed struct {
	Person
	zone      string
	confirmed db.Time
	hasRow    bool // in people; who was let in by other means gets it at the next start
}

func scanPerson(row db.Row) (listed, error) {
	var p listed
	var expires db.Time
	var roles, own, regional string
	err := row.Scan(&p.ID, &p.Given, &p.Family, &p.Email, &p.Status, &expires, &p.SortKey, &own, &roles,
		&p.Title, &p.Phone, &p.Channel, &p.City, &p.Country,
		&p.DepartmentID, &p.Department, &p.Kind, &p.Orientation, &p.HeadsOwn,
		&p.UnitID, &p.Unit, &p.RegionID, &p.Region, &regional, &p.confirmed, &p.hasRow)
	p.ExpiresAt, p.zone = expires.Go(), or(own, regional)
	for _, r := range strings.Fields(roles) {
		p.Roles = append(p.Roles, auth.Role(r))
	}
	return p, err
}

// conditions writes the filter for people as they stand at an instant.
func (f Filter) conditions(now db.Time) *conditions {
	c := &conditions{}
	switch {
	case f.Everyone:
	case f.Status != "":
		c.add(`u.status = $#`, string(f.Status))
	default:
		c.add(`u.status = 'active' and (u.expires_at is null or u.expires_at > $#)`, now)
	}
	if f.IDs != nil {
		c.add(`u.id in (`+marks(len(f.IDs))+`)`, db.Args(f.IDs)...)
	}
	if f.Without != "" {
		c.add(`u.id <> $#`, f.Without)
	}
	for _, w := range SearchWords(f.Text) {
		c.add(`u.id in (select t.user_id from people_terms t where t.term >= $# and t.term < $#)`, w, afterPrefix(w))
	}
	if f.Role != "" {
		c.add(`exists (select 1 from user_roles r where r.user_id = u.id and r.role = $#)`, string(f.Role))
	}
	if f.Kind != "" {
		c.add(`d.kind = $#`, string(f.Kind))
	}
	if f.Rule != nil {
		f.Rule.conditions(c)
	}
	if len(f.departments) > 0 {
		c.add(`p.department_id in (`+marks(len(f.departments))+`)`, db.Args(f.departments)...)
	}
	for _, col := range []struct{ column, value string }{
		{"p.unit_id", f.UnitID}, {"p.region_id", f.RegionID}, {"p.city_key", f.CityKey}, {"p.manager_id", f.ManagerID},
	} {
		if col.value != "" {
			c.add(col.column+` = $#`, col.value)
		}
	}
	if f.Away {
		c.add(`exists (select 1 from absences a where a.user_id = u.id and a.cancelled_at is null and a.from_day <= $# and a.to_day >= $#)`, f.today, f.today)
	}
	c.labels(Covers, f.Product)
	c.labels(Segment, f.Segment)
	c.labels(Language, f.Language)
	c.labels(Skill, f.Skill)
	return c
}

// conditions writes the fixed parts of a rule, as Propose reads them.
func (r Rule) conditions(c *conditions) {
	if r.PersonID != "" {
		c.add(`u.id = $#`, r.PersonID)
		return
	}
	if len(r.Roles) > 0 {
		c.add(`u.id in (select r.user_id from user_roles r where r.role in (`+marks(len(r.Roles))+`))`, db.Args(texts(r.Roles))...)
	}
	if len(r.Kinds) > 0 {
		c.add(`d.kind in (`+marks(len(r.Kinds))+`)`, db.Args(texts(r.Kinds))...)
	}
	if r.Orientation != "" {
		c.add(`d.orientation = $#`, string(r.Orientation))
	}
	if r.Head {
		c.add(`(d.head_id = u.id or u.id in (select r.user_id from user_roles r where r.role in ($#, $#)))`, string(HeadOfSales), string(HeadOfMarketing))
	}
	c.labels(Skill, r.Skills...)
}

// labels asks for people with one of some labels of a kind; no word asks nothing.
func (c *conditions) labels(kind LabelKind, words ...string) {
	args := []any{string(kind)}
	for _, w := range words {
		if w != "" {
			args = append(args, db.Fold(w))
		}
	}
	if len(args) > 1 {
		c.add(`u.id in (select pl.user_id from person_labels pl join labels l on l.id = pl.label_id
			where l.kind = $# and l.name_key in (`+marks(len(args)-1)+`))`, args...)
	}
}

// selectPeople lists people in the order of their family names, without labels
// and absences.
func selectPeople(ctx context.Context, r db.Reader, f Filter, now db.Time) ([]listed, error) {
	q, args := f.list(now)
	rows, err := db.All(ctx, r, scanPerson, q, args...)
	if f.at.Before {
		slices.Reverse(rows)
	}
	return rows, err
}

// list writes the statement of selectPeople. Before a cursor it reads backwards.
func (f Filter) list(now db.Time) (string, []any) {
	c := f.conditions(now)
	order := ` order by u.sort_key, u.id`
	switch {
	case f.at.Before:
		c.add(`(u.sort_key, u.id) < ($#, $#)`, f.at.SortKey, f.at.ID)
		order = ` order by u.sort_key desc, u.id desc`
	case f.at.ID != "":
		c.add(`(u.sort_key, u.id) > ($#, $#)`, f.at.SortKey, f.at.ID)
	}
	q := `select ` + personColumns + fromPeople + c.where() + order
	if f.limit > 0 {
		q += ` limit ` + c.arg(f.limit)
	}
	return q, c.args
}

// countPeople counts what a filter finds, up to most.
func countPeople(ctx context.Context, r db.Reader, f Filter, now db.Time, most int) (int, error) {
	c := f.conditions(now)
	return db.One(ctx, r, db.Value[int], `select count(*) from (select 1`+fromPeople+c.where()+` limit `+c.arg(most)+`) as found`, c.args...)
}

// personLabel is one label of one person.
type personLabel struct {
	personID string
	kind     LabelKind
	name     string
}

// selectLabelsOf lists the labels of some people, each one's by their names. It
// reads a line a person: people have many labels.
func selectLabelsOf(ctx context.Context, r db.Reader, ids []string) ([]personLabel, error) {
	var out []personLabel
	err := db.Each(ctx, r, func(row db.Row) error {
		var id, all string
		if err := row.Scan(&id, &all); err != nil {
			return err
		}
		for _, line := range strings.Split(all, "\x1f") {
			kind, name, _ := strings.Cut(line, ":")
			out = append(out, personLabel{id, LabelKind(kind), name})
		}
		return nil
	}, `select pl.user_id, string_agg(l.kind || ':' || l.name, $1 order by l.sort_key, l.id) from person_labels pl join labels l on l.id = pl.label_id
		where pl.user_id in (`+db.In(2, len(ids))+`) group by pl.user_id`, append([]any{"\x1f"}, db.Args(ids)...)...)
	return out, err
}

const absenceColumns = `a.id, a.user_id, coalesce(w.given_name || ' ' || w.family_name, ''), a.from_day, a.to_day,
	coalesce(a.deputy_id, ''), coalesce(y.given_name || ' ' || y.family_name, ''), a.note
	from absences a join users w on w.id = a.user_id left join users y on y.id = a.deputy_id`

func scanAbsence(row db.Row) (Absence, error) {
	var a Absence
	var from, to string
	err := row.Scan(&a.ID, &a.PersonID, &a.Person, &from, &to, &a.DeputyID, &a.Deputy, &a.Note)
	if err == nil {
		a.From, err = clock.ParseDay(from)
	}
	if err == nil {
		a.To, err = clock.ParseDay(to)
	}
	return a, err
}

// selectAbsencesAround lists the absences that share a day with from … to, of
// everybody.
func selectAbsencesAround(ctx context.Context, r db.Reader, from, to clock.Day) ([]Absence, error) {
	return db.All(ctx, r, scanAbsence, `select `+absenceColumns+`
		where a.cancelled_at is null and a.to_day >= $1 and a.from_day <= $2 order by a.from_day, a.id`, from.String(), to.String())
}
