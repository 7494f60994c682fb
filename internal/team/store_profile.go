package team

import (
	"context"
	"encoding/json"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// sheet is the row of a person with its labels: what the profile form shows.
type sheet struct {
	Profile
	Changed     Changed
	Confirmed   db.Time
	Reminded    db.Time
	UserVersion int64 // of the row of users, which holds the name
}

func selectSheet(ctx context.Context, r db.Reader, id string) (sheet, error) {
	s, err := db.One(ctx, r, func(row db.Row) (sheet, error) {
		var s sheet
		var hours, byID, by string
		var version int64
		var at db.Time
		err := row.Scan(&s.Given, &s.Family, &s.UserVersion, &s.Title, &s.Phone, &s.City, &s.Country, &s.Channel, &s.About, &hours,
			&s.DepartmentID, &s.UnitID, &s.RegionID, &s.ManagerID, &s.Confirmed, &s.Reminded, &version, &at, &byID, &by)
		s.Changed = changed(version, at, byID, by)
		if err == nil {
			s.Hours, err = ParseWeek(hours)
		}
		return s, err
	}, `select u.given_name, u.family_name, u.version, p.title, p.phone, p.city, p.country, p.channel, p.about, p.hours,
		coalesce(p.department_id, ''), coalesce(p.unit_id, ''), coalesce(p.region_id, ''), coalesce(p.manager_id, ''),
		p.confirmed_at, p.reminded_at, p.version, p.updated_at, p.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
		from people p join users u on u.id = p.user_id left join users b on b.id = p.updated_by where p.user_id = $1`, id)
	if err != nil {
		return s, err
	}
	labels, err := selectLabelsOf(ctx, r, []string{id})
	for _, l := range labels {
		switch l.kind {
		case Language:
			s.Languages = append(s.Languages, l.name)
		case Skill:
			s.Skills = append(s.Skills, l.name)
		case Covers:
			s.Products = append(s.Products, l.name)
		case Segment:
			s.Segments = append(s.Segments, l.name)
		}
	}
	return s, err
}

// insertPerson makes the row of somebody who has none; it changes nothing when
// there is one.
func insertPerson(ctx context.Context, tx db.Tx, id, by string) error {
	_, err := tx.Exec(ctx, `insert into people (user_id, confirmed_at, created_at, updated_at, updated_by) values ($1, $2, $2, $2, $3)
		on conflict (user_id) do nothing`, id, tx.Now(), by)
	return err
}

// updatePerson writes the row of people if its version still stands, and tells
// whether it did. The name is in users and is not written here.
func updatePerson(ctx context.Context, tx db.Tx, id string, p Profile, version int64, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update people set department_id = $1, unit_id = $2, region_id = $3, manager_id = $4, title = $5, phone = $6,
		city = $7, city_key = $8, country = $9, channel = $10, about = $11, hours = $12,
		version = version + 1, updated_at = $13, updated_by = $14 where user_id = $15 and version = $16`,
		null(p.DepartmentID), null(p.UnitID), null(p.RegionID), null(p.ManagerID), p.Title, p.Phone,
		p.City, db.Fold(p.City), p.Country, string(p.Channel), p.About, p.Hours.String(), tx.Now(), by, id, version)
	return n == 1, err
}

func updateConfirmed(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update people set confirmed_at = $1, reminded_at = null where user_id = $2`, tx.Now(), id)
	return err
}

func updateReminded(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update people set reminded_at = $1 where user_id = $2`, tx.Now(), id)
	return err
}

// replaceTerms writes the words by which somebody is found.
func replaceTerms(ctx context.Context, tx db.Tx, id string, words []string) error {
	if _, err := tx.Exec(ctx, `delete from people_terms where user_id = $1`, id); err != nil {
		return err
	}
	return insertTerms(ctx, tx, map[string][]string{id: words})
}

func insertTerms(ctx context.Context, tx db.Tx, byPerson map[string][]string) error {
	var rows [][]any
	for id, words := range byPerson {
		for _, w := range words {
			rows = append(rows, []any{w, id})
		}
	}
	return db.Bulk(ctx, tx, "people_terms", []string{"term", "user_id"}, rows)
}

// selectWithoutRow lists who may sign in and has no row of people yet.
func selectWithoutRow(ctx context.Context, r db.Reader, limit int) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select u.id from users u
		where not exists (select 1 from people p where p.user_id = u.id) order by u.id limit $1`, limit)
}

// replaceLabels writes the labels of one kind of somebody; new words become
// labels, known ones keep their first spelling.
func replaceLabels(ctx context.Context, tx db.Tx, id string, kind LabelKind, words []string) error {
	if _, err := tx.Exec(ctx, `delete from person_labels where user_id = $1
		and label_id in (select l.id from labels l where l.kind = $2)`, id, string(kind)); err != nil {
		return err
	}
	for _, w := range words {
		label, err := ensureLabel(ctx, tx, kind, w)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into person_labels (user_id, label_id) values ($1, $2) on conflict (user_id, label_id) do nothing`, id, label); err != nil {
			return err
		}
	}
	return nil
}

func ensureLabel(ctx context.Context, tx db.Tx, kind LabelKind, word string) (string, error) {
	if _, err := tx.Exec(ctx, `insert into labels (id, kind, name, name_key, sort_key, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (kind, name_key) do nothing`, db.NewID(), string(kind), word, db.Fold(word), db.SortKey(word), tx.Now()); err != nil {
		return "", err
	}
	return db.One(ctx, tx.Reader, db.Value[string], `select id from labels where kind = $1 and name_key = $2`, string(kind), db.Fold(word))
}

// selectLabels lists the labels of a kind that somebody who works here has.
func selectLabels(ctx context.Context, r db.Reader, kind LabelKind, limit int) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select l.name from labels l where l.kind = $1
		and exists (select 1 from person_labels pl where pl.label_id = l.id) order by l.sort_key, l.id limit $2`, string(kind), limit)
}

// selectCities lists the places where people work.
func selectCities(ctx context.Context, r db.Reader, limit int) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select min(p.city) from people p where p.city_key <> '' group by p.city_key order by p.city_key limit $1`, limit)
}

func insertEdit(ctx context.Context, tx db.Tx, e ProfileEdit) error {
	changes, err := json.Marshal(e.Edits)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into profile_edits (user_id, version, by_id, by_name, at, changes) values ($1, $2, $3, $4, $5, $6)`,
		e.PersonID, e.Version, e.ByID, e.By, tx.Now(), string(changes))
	return err
}

// selectEditsSince lists the changes that made a profile newer than a version,
// oldest first.
func selectEditsSince(ctx context.Context, r db.Reader, id string, version int64) ([]ProfileEdit, error) {
	return db.All(ctx, r, func(row db.Row) (ProfileEdit, error) {
		e := ProfileEdit{PersonID: id}
		var at db.Time
		var changes string
		if err := row.Scan(&e.Version, &e.ByID, &e.By, &at, &changes); err != nil {
			return e, err
		}
		e.At = at.Go()
		return e, errs.Wrap("profile edits", json.Unmarshal([]byte(changes), &e.Edits))
	}, `select version, by_id, by_name, at, changes from profile_edits where user_id = $1 and version > $2 order by version`, id, version)
}

func deleteEditsBefore(ctx context.Context, tx db.Tx, at db.Time) error {
	_, err := tx.Exec(ctx, `delete from profile_edits where at < $1`, at)
	return err
}

// staleRow is somebody whose profile must be looked at again.
type staleRow struct {
	ID        string
	Name      string
	Confirmed db.Time
}

// selectStale lists those who work here, whose profile was confirmed before an
// instant, and who were not asked since another.
func selectStale(ctx context.Context, r db.Reader, confirmed, reminded db.Time, limit int) ([]staleRow, error) {
	return db.All(ctx, r, func(row db.Row) (staleRow, error) {
		var s staleRow
		err := row.Scan(&s.ID, &s.Name, &s.Confirmed)
		return s, err
	}, `select p.user_id, u.given_name, p.confirmed_at from people p join users u on u.id = p.user_id
		where p.confirmed_at <= $1 and (p.reminded_at is null or p.reminded_at <= $2) and u.status = 'active'
		order by p.confirmed_at, p.user_id limit $3`, confirmed, reminded, limit)
}

// selectRights reads the number that grows with each change of somebody's rights.
func selectRights(ctx context.Context, r db.Reader, id string) (int64, error) {
	return db.One(ctx, r, db.Value[int64], `select u.rights from users u where u.id = $1`, id)
}

// lockPerson lets changes of one person's access follow each other: what is read
// after it stands until the commit.
func lockPerson(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update people set version = version where user_id = $1`, id)
	return err
}
