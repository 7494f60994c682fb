package customers

import (
	"context"

	"unisson/internal/platform/db"
)

func insertSources(ctx context.Context, tx db.Tx, rows [][]any) error {
	return db.Bulk(ctx, tx, "sources", []string{"id", "kind", "name", "day", "country", "confidence", "basis", "supplier", "created_at", "created_by"}, rows)
}

func insertNeeds(ctx context.Context, tx db.Tx, rows [][]any) error {
	return db.Bulk(ctx, tx, "needs", []string{"id", "record_id", "body", "state", "author_id", "version", "created_at", "updated_at"}, rows)
}
