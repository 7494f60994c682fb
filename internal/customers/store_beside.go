package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Position is a further employer of a contact, or one that he left.
type Position struct {
	ContactID string
	AccountID string
	Title     string
	Job       string
	From, To  string // days; empty: not said
}

// selectPositions lists the further employers of a contact, present ones first.
func selectPositions(ctx context.Context, r db.Reader, contactID string) ([]Position, error) {
	return db.All(ctx, r, scanPosition, `select contact_id, account_id, title, job, from_day, to_day from positions where contact_id = $1
		order by case when to_day = '' then 0 else 1 end, to_day desc, account_id limit 100`, contactID)
}

func scanPosition(row db.Row) (Position, error) {
	var p Position
	return p, row.Scan(&p.ContactID, &p.AccountID, &p.Title, &p.Job, &p.From, &p.To)
}

// upsertPosition writes one, or anew one that was there.
func upsertPosition(ctx context.Context, tx db.Tx, p Position) error {
	_, err := tx.Exec(ctx, `insert into positions (contact_id, account_id, title, job, from_day, to_day, created_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (contact_id, account_id) do update set title = excluded.title, job = excluded.job, from_day = excluded.from_day, to_day = excluded.to_day`,
		p.ContactID, p.AccountID, p.Title, p.Job, p.From, p.To, tx.Now())
	return err
}

func deletePosition(ctx context.Context, tx db.Tx, contactID, accountID string) (int64, error) {
	return tx.Exec(ctx, `delete from positions where contact_id = $1 and account_id = $2`, contactID, accountID)
}

// member is a live contact of an account, with what he does there.
type member struct {
	id    string
	title string
	past  bool
}

// selectMembers lists who works at an account, by name: first those whose main
// account it is, then those with a further position there.
func selectMembers(ctx context.Context, r db.Reader, scope auth.Scope, accountID string, limit int) ([]member, error) {
	var w db.Where
	w.And(`r.account_id in (select a.id from accounts a where a.master_id = $#)`, accountID)
	w.And(`r.live = true`)
	readable(&w, "r", scope)
	scan := func(row db.Row) (member, error) {
		var m member
		return m, row.Scan(&m.id, &m.title, &m.past)
	}
	out, err := db.All(ctx, r, scan, `select r.id, r.title, false from contacts r`+w.String()+` order by r.name_key, r.id limit `+w.Arg(limit), w.Args()...)
	if err != nil || len(out) == limit {
		return out, err
	}
	var o db.Where
	o.And(`p.account_id in (select a.id from accounts a where a.master_id = $#)`, accountID)
	o.And(`r.live = true`)
	readable(&o, "r", scope)
	further, err := db.All(ctx, r, scan, `select r.id, case when p.title <> '' then p.title else r.title end, p.to_day <> '' from positions p join contacts r on r.id = p.contact_id`+
		o.String()+` order by r.name_key, r.id limit `+o.Arg(limit-len(out)), o.Args()...)
	seen := map[string]bool{}
	for _, m := range out {
		seen[m.id] = true
	}
	for _, m := range further {
		if !seen[m.id] {
			out = append(out, m)
		}
	}
	return out, err
}

// selectBelow lists the live sites and companies that belong to an account.
func selectBelow(ctx context.Context, r db.Reader, scope auth.Scope, accountID string, limit int) ([]string, error) {
	var w db.Where
	w.And(`r.parent_id in (select a.id from accounts a where a.master_id = $#)`, accountID)
	w.And(`r.live = true`)
	readable(&w, "r", scope)
	return db.All(ctx, r, db.Value[string], `select r.id from accounts r`+w.String()+` order by r.name_key, r.id limit `+w.Arg(limit), w.Args()...)
}

// address is a further address of a record.
type address struct{ Label, Street, Postcode, City, Province, Country string }

func selectAddresses(ctx context.Context, r db.Reader, recordID string) ([]address, error) {
	return db.All(ctx, r, func(row db.Row) (address, error) {
		var a address
		return a, row.Scan(&a.Label, &a.Street, &a.Postcode, &a.City, &a.Province, &a.Country)
	}, `select label, street, postcode, city, province, country from addresses where record_id = $1 order by id limit 100`, recordID)
}

// selectSource reads a source; nil when there is none: a person wrote it.
func selectSource(ctx context.Context, r db.Reader, id string) (*Source, error) {
	if id == "" {
		return nil, nil
	}
	o, err := db.One(ctx, r, func(row db.Row) (Source, error) {
		var o Source
		return o, row.Scan(&o.ID, &o.Kind, &o.Name, &o.Day, &o.Country, &o.Confidence, &o.Basis, &o.Supplier, &o.CreatedAt, &o.CreatedBy)
	}, `select id, kind, name, day, country, confidence, basis, supplier, created_at, created_by from sources where id = $1`, id)
	if errs.Is(err, errs.KindNotFound) {
		return nil, nil
	}
	return &o, err
}

func countEdits(ctx context.Context, r db.Reader, recordID string) (int, error) {
	return db.One(ctx, r, db.Value[int], `select count(*) from record_edits where record_id = $1`, recordID)
}
