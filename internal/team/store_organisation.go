package team

import (
	"context"

	"unisson/internal/platform/db"
)

func selectOrganisation(ctx context.Context, r db.Reader) (Organisation, error) {
	return db.One(ctx, r, func(row db.Row) (Organisation, error) {
		var o Organisation
		var hours, byID, by string
		var version int64
		var at db.Time
		err := row.Scan(&o.Name, &o.Language, &o.Country, &o.TimeZone, &o.Holidays, &hours, &o.Reading, &version, &at, &byID, &by)
		o.Changed = changed(version, at, byID, by)
		if err == nil {
			o.Hours, err = ParseWeek(hours)
		}
		return o, err
	}, `select o.name, o.language, o.country, o.time_zone, o.holidays, o.hours, o.reading, o.version, o.updated_at, o.updated_by,
		coalesce(b.given_name || ' ' || b.family_name, '')
		from organisation o left join users b on b.id = o.updated_by where o.id = 'company'`)
}

func insertOrganisation(ctx context.Context, tx db.Tx, o Organisation, by string) error {
	_, err := tx.Exec(ctx, `insert into organisation (id, name, language, country, time_zone, holidays, hours, reading, created_at, updated_at, updated_by)
		values ('company', $1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
		o.Name, o.Language, o.Country, o.TimeZone, o.Holidays, o.Hours.String(), string(o.Reading), tx.Now(), by)
	return err
}

func updateOrganisation(ctx context.Context, tx db.Tx, o Organisation, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update organisation set name = $1, language = $2, country = $3, time_zone = $4, holidays = $5, hours = $6, reading = $7,
		version = version + 1, updated_at = $8, updated_by = $9 where id = 'company' and version = $10`,
		o.Name, o.Language, o.Country, o.TimeZone, o.Holidays, o.Hours.String(), string(o.Reading), tx.Now(), by, o.Changed.Version)
	return n == 1, err
}

func selectUnits(ctx context.Context, r db.Reader) ([]Unit, error) {
	return db.All(ctx, r, func(row db.Row) (Unit, error) {
		var u Unit
		var byID, by string
		var version int64
		var at db.Time
		err := row.Scan(&u.ID, &u.Name, &u.HeadID, &u.Head, &u.People, &version, &at, &byID, &by)
		u.Changed = changed(version, at, byID, by)
		return u, err
	}, `select n.id, n.name, coalesce(n.head_id, ''), coalesce(h.given_name || ' ' || h.family_name, ''),
		(select count(*) from people p join users u on u.id = p.user_id where p.unit_id = n.id and u.status = 'active'),
		n.version, n.updated_at, n.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
		from units n left join users h on h.id = n.head_id left join users b on b.id = n.updated_by order by n.sort_key, n.id`)
}

func insertUnit(ctx context.Context, tx db.Tx, u Unit, by string) error {
	_, err := tx.Exec(ctx, `insert into units (id, name, name_key, sort_key, head_id, created_at, updated_at, updated_by)
		values ($1, $2, $3, $4, $5, $6, $6, $7)`, u.ID, u.Name, db.Fold(u.Name), db.SortKey(u.Name), null(u.HeadID), tx.Now(), by)
	return err
}

func updateUnit(ctx context.Context, tx db.Tx, u Unit, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update units set name = $1, name_key = $2, sort_key = $3, head_id = $4,
		version = version + 1, updated_at = $5, updated_by = $6 where id = $7 and version = $8`,
		u.Name, db.Fold(u.Name), db.SortKey(u.Name), null(u.HeadID), tx.Now(), by, u.ID, u.Changed.Version)
	return n == 1, err
}

func selectRegions(ctx context.Context, r db.Reader) ([]Region, error) {
	return db.All(ctx, r, func(row db.Row) (Region, error) {
		var g Region
		var hours, byID, by string
		var version int64
		var at db.Time
		err := row.Scan(&g.ID, &g.Name, &g.Country, &g.TimeZone, &g.Holidays, &hours, &g.People, &version, &at, &byID, &by)
		g.Changed = changed(version, at, byID, by)
		if err == nil {
			g.Hours, err = ParseWeek(hours)
		}
		return g, err
	}, `select g.id, g.name, g.country, g.time_zone, g.holidays, g.hours,
		(select count(*) from people p join users u on u.id = p.user_id where p.region_id = g.id and u.status = 'active'),
		g.version, g.updated_at, g.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
		from regions g left join users b on b.id = g.updated_by order by g.sort_key, g.id`)
}

func insertRegion(ctx context.Context, tx db.Tx, g Region, by string) error {
	_, err := tx.Exec(ctx, `insert into regions (id, name, name_key, sort_key, country, time_zone, holidays, hours, created_at, updated_at, updated_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
		g.ID, g.Name, db.Fold(g.Name), db.SortKey(g.Name), g.Country, g.TimeZone, g.Holidays, g.Hours.String(), tx.Now(), by)
	return err
}

func updateRegion(ctx context.Context, tx db.Tx, g Region, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update regions set name = $1, name_key = $2, sort_key = $3, country = $4, time_zone = $5, holidays = $6, hours = $7,
		version = version + 1, updated_at = $8, updated_by = $9 where id = $10 and version = $11`,
		g.Name, db.Fold(g.Name), db.SortKey(g.Name), g.Country, g.TimeZone, g.Holidays, g.Hours.String(), tx.Now(), by, g.ID, g.Changed.Version)
	return n == 1, err
}

func selectDepartments(ctx context.Context, r db.Reader) ([]Department, error) {
	return db.All(ctx, r, func(row db.Row) (Department, error) {
		var d Department
		var hours, byID, by string
		var version int64
		var at db.Time
		err := row.Scan(&d.ID, &d.Name, &d.Kind, &d.Orientation, &d.ParentID, &d.UnitID, &d.HeadID, &d.Head, &hours, &d.People, &version, &at, &byID, &by)
		d.Changed = changed(version, at, byID, by)
		if err == nil {
			d.Hours, err = ParseWeek(hours)
		}
		return d, err
	}, `select d.id, d.name, d.kind, d.orientation, coalesce(d.parent_id, ''), coalesce(d.unit_id, ''), coalesce(d.head_id, ''),
		coalesce(h.given_name || ' ' || h.family_name, ''), d.hours,
		(select count(*) from people p join users u on u.id = p.user_id where p.department_id = d.id and u.status = 'active'),
		d.version, d.updated_at, d.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
		from departments d left join users h on h.id = d.head_id left join users b on b.id = d.updated_by order by d.sort_key, d.id`)
}

func insertDepartment(ctx context.Context, tx db.Tx, d Department, by string) error {
	_, err := tx.Exec(ctx, `insert into departments (id, name, name_key, sort_key, kind, orientation, parent_id, unit_id, head_id, hours,
		created_at, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)`,
		d.ID, d.Name, db.Fold(d.Name), db.SortKey(d.Name), string(d.Kind), string(d.Orientation), null(d.ParentID), null(d.UnitID),
		null(d.HeadID), d.Hours.String(), tx.Now(), by)
	return err
}

func updateDepartment(ctx context.Context, tx db.Tx, d Department, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update departments set name = $1, name_key = $2, sort_key = $3, kind = $4, orientation = $5, parent_id = $6,
		unit_id = $7, head_id = $8, hours = $9, version = version + 1, updated_at = $10, updated_by = $11 where id = $12 and version = $13`,
		d.Name, db.Fold(d.Name), db.SortKey(d.Name), string(d.Kind), string(d.Orientation), null(d.ParentID), null(d.UnitID),
		null(d.HeadID), d.Hours.String(), tx.Now(), by, d.ID, d.Changed.Version)
	return n == 1, err
}

// deletePlace removes a department, a unit or a region.
func deletePlace(ctx context.Context, tx db.Tx, kind, id string) error {
	q := `delete from regions where id = $1`
	switch kind {
	case "department":
		q = `delete from departments where id = $1`
	case "unit":
		q = `delete from units where id = $1`
	}
	_, err := tx.Exec(ctx, q, id)
	return err
}

// head is somebody who heads a unit, or a department of it.
type head struct{ userID, unitID string }

func selectHeads(ctx context.Context, r db.Reader) ([]head, error) {
	return db.All(ctx, r, func(row db.Row) (head, error) {
		var h head
		err := row.Scan(&h.userID, &h.unitID)
		return h, err
	}, `select n.head_id, n.id from units n where n.head_id is not null
		union select d.head_id, d.unit_id from departments d where d.head_id is not null and d.unit_id is not null`)
}

// selectStructure reads how the company is cut.
func selectStructure(ctx context.Context, r db.Reader) (Structure, error) {
	var st Structure
	var err error
	if st.Departments, err = selectDepartments(ctx, r); err != nil {
		return st, err
	}
	if st.Units, err = selectUnits(ctx, r); err != nil {
		return st, err
	}
	st.Regions, err = selectRegions(ctx, r)
	return st, err
}

// selectZone reads the time zone that somebody chose; ” when he chose none.
func selectZone(ctx context.Context, r db.Reader, userID string) (string, error) {
	return db.One(ctx, r, db.Value[string], `select u.time_zone from users u where u.id = $1`, userID)
}
