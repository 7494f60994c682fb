package customers

import (
	"context"

	"unisson/internal/platform/db"
)

const needColumns = `id, record_id, body, state, author_id, version, created_at, updated_at`

func scanNeed(row db.Row) (Need, error) {
	var n Need
	return n, row.Scan(&n.ID, &n.RecordID, &n.Body, &n.State, &n.AuthorID, &n.Version, &n.CreatedAt, &n.UpdatedAt)
}

// selectNeeds lists the needs of a record: open ones first, then the newest.
func selectNeeds(ctx context.Context, r db.Reader, recordID string) ([]Need, error) {
	return db.All(ctx, r, scanNeed, `select `+needColumns+` from needs where record_id = $1
		order by case when state = 'open' then 0 else 1 end, created_at desc, id desc limit 200`, recordID)
}

func selectNeed(ctx context.Context, r db.Reader, recordID, id string) (Need, error) {
	return db.One(ctx, r, scanNeed, `select `+needColumns+` from needs where record_id = $1 and id = $2`, recordID, id)
}

func insertNeed(ctx context.Context, tx db.Tx, n Need) error {
	_, err := tx.Exec(ctx, `insert into needs (`+needColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.ID, n.RecordID, n.Body, string(n.State), n.AuthorID, n.Version, n.CreatedAt, n.UpdatedAt)
	return err
}

// updateNeed writes a need if its version still stands, and tells whether it did.
func updateNeed(ctx context.Context, tx db.Tx, n Need, version int64) (bool, error) {
	rows, err := tx.Exec(ctx, `update needs set body = $1, state = $2, version = $3, updated_at = $4 where id = $5 and version = $6`,
		n.Body, string(n.State), n.Version, n.UpdatedAt, n.ID, version)
	return rows == 1, err
}

const consentColumns = `id, at, channel, purpose, act, wording, language, source, proof, by_id, by_name`

// selectConsents lists the acts of a contact, newest first.
func selectConsents(ctx context.Context, r db.Reader, contactID string) ([]Consent, error) {
	return db.All(ctx, r, func(row db.Row) (Consent, error) {
		var c Consent
		return c, row.Scan(&c.ID, &c.At, &c.Channel, &c.Purpose, &c.Act, &c.Wording, &c.Language, &c.Source, &c.Proof, &c.ByID, &c.By)
	}, `select `+consentColumns+` from consents where contact_id = $1 order by id desc limit 500`, contactID)
}

func insertConsent(ctx context.Context, tx db.Tx, contactID string, c Consent) error {
	_, err := tx.Exec(ctx, `insert into consents (contact_id, `+consentColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		contactID, c.ID, c.At, c.Channel, c.Purpose, string(c.Act), c.Wording, c.Language, c.Source, c.Proof, c.ByID, c.By)
	return err
}
