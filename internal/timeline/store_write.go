package timeline

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/db"
)

var written = [...]string{"contact_id", "id", "account_id", "at", "kind", "channel", "direction", "voice", "by_id", "by_name", "subject", "body",
	"about_kind", "about_id", "href", "follow_on", "source_id", "external_id", "once", "private", "machine", "corrects", "withdrawn", "created_at", "created_by"}

func (t *Touch) row() []any {
	return []any{t.ContactID, t.ID, t.AccountID, int64(t.At), string(t.Kind), t.Channel, string(t.Direction), string(t.Voice), t.ByID, t.ByName, t.Subject, t.Body,
		t.AboutKind, t.AboutID, t.Href, t.FollowOn, t.SourceID, t.External, t.Once, t.Private, t.Machine, t.Corrects, t.Withdrawn, int64(t.CreatedAt), t.CreatedBy}
}

// insertTouch writes one touch, unless another stands under its key or has put
// the same touch right; it tells whether it did.
func insertTouch(ctx context.Context, tx db.Tx, t *Touch) (bool, error) {
	n, err := tx.Exec(ctx, `insert into touches (`+strings.Join(written[:], ", ")+`) values (`+db.In(1, len(written))+`) on conflict do nothing`, t.row()...)
	return n == 1, err
}

func insertTouches(ctx context.Context, tx db.Tx, list []*Touch) error {
	rows := make([][]any, len(list))
	for i, t := range list {
		rows[i] = t.row()
	}
	return db.Bulk(ctx, tx, "touches", written[:], rows)
}

// placeTouches gives the touches of a contact that stand at no account the one
// where he works.
func placeTouches(ctx context.Context, tx db.Tx, contact, account string) (int64, error) {
	return tx.Exec(ctx, `update touches set account_id = $2 where contact_id = $1 and account_id = ''`, contact, account)
}

// deleteAbout removes all touches of some contacts: the only removal there is.
func deleteAbout(ctx context.Context, tx db.Tx, contacts []string) error {
	for part := range slices.Chunk(contacts, 500) {
		if _, err := tx.Exec(ctx, `delete from touches where contact_id in (`+db.In(1, len(part))+`) and contact_id <> ''`, db.Args(part)...); err != nil {
			return err
		}
	}
	return nil
}

// forgetAuthor removes what a colleague noted for himself alone, and his name
// from what he did for all.
func forgetAuthor(ctx context.Context, tx db.Tx, person string) error {
	if _, err := tx.Exec(ctx, `delete from touches where by_id = $1 and private = true`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update touches set by_name = '', follow_on = '' where by_id = $1`, person)
	return err
}
