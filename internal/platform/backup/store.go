package backup

import (
	"context"

	"unisson/internal/platform/db"
)

// schemaVersion reads the version inside the snapshot, so that it fits the rows.
func schemaVersion(ctx context.Context, r db.Reader) (int64, error) {
	return db.One(ctx, r, db.Value[int64], `select coalesce(max(version_id), 0) from goose_db_version`)
}
