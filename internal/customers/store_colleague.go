package customers

import (
	"context"

	"unisson/internal/platform/db"
)

// ofColleague is what stands here of somebody who works here.
type ofColleague struct {
	Accounts []string  `json:"accounts_owned"`
	Contacts []string  `json:"contacts_owned"`
	Edits    []colEdit `json:"changes"`
	Needs    []string  `json:"needs_written"`
	Views    []string  `json:"views"`
	Consents []string  `json:"consents_noted"`
}

type colEdit struct {
	Record  string `json:"record"`
	Version int64  `json:"version"`
}

func selectOfColleague(ctx context.Context, r db.Reader, id string) (ofColleague, error) {
	var out ofColleague
	for _, q := range []struct {
		to  *[]string
		sql string
	}{
		{&out.Accounts, `select id from accounts where sales_id = $1 union select id from accounts where marketing_id = $1`},
		{&out.Contacts, `select id from contacts where sales_id = $1 union select id from contacts where marketing_id = $1`},
		{&out.Needs, `select body from needs where author_id = $1 order by id`},
		{&out.Views, `select name from views where owner_id = $1 order by name_key`},
		{&out.Consents, `select id from consents where by_id = $1 order by id`},
	} {
		var err error
		if *q.to, err = db.All(ctx, r, db.Value[string], q.sql, id); err != nil {
			return out, err
		}
	}
	var err error
	out.Edits, err = db.All(ctx, r, func(row db.Row) (colEdit, error) {
		var e colEdit
		return e, row.Scan(&e.Record, &e.Version)
	}, `select record_id, version from record_edits where by_id = $1 order by record_id, version`, id)
	return out, err
}

// eraseColleague takes the name of somebody from what he did. He owns nothing
// any more; his own views go.
func eraseColleague(ctx context.Context, tx db.Tx, id string) error {
	for _, statement := range []string{
		`update accounts set sales_id = '' where sales_id = $1`,
		`update accounts set marketing_id = '' where marketing_id = $1`,
		`update contacts set sales_id = '' where sales_id = $1`,
		`update contacts set marketing_id = '' where marketing_id = $1`,
		`update record_edits set by_name = '' where by_id = $1`,
		`update consents set by_name = '' where by_id = $1`,
		`delete from views where owner_id = $1 and audience = 'mine'`,
	} {
		if _, err := tx.Exec(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}
