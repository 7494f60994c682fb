package files

import (
	"context"

	"unisson/internal/platform/db"
)

const columns = `id, hash, thumb_hash, name, media_type, size, owner_kind, owner_id, created_by, created_at`

func insert(ctx context.Context, tx db.Tx, f File) error {
	_, err := tx.Exec(ctx, `insert into files (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		f.ID, f.Hash, f.Thumb, f.Name, f.MediaType, f.Size, f.OwnerKind, f.OwnerID, f.CreatedBy, f.CreatedAt)
	return err
}

func scan(row db.Row) (File, error) {
	var f File
	err := row.Scan(&f.ID, &f.Hash, &f.Thumb, &f.Name, &f.MediaType, &f.Size, &f.OwnerKind, &f.OwnerID, &f.CreatedBy, &f.CreatedAt)
	return f, err
}

// Get finds a file; an unknown id is errs.NotFound.
func Get(ctx context.Context, r db.Reader, id string) (File, error) {
	return db.One(ctx, r, scan, `select `+columns+` from files where id = $1`, id)
}

// Of lists the files of a record, oldest first.
func Of(ctx context.Context, r db.Reader, ownerKind, ownerID string) ([]File, error) {
	return db.All(ctx, r, scan, `select `+columns+` from files where owner_kind = $1 and owner_id = $2 order by id`, ownerKind, ownerID)
}

// Delete forgets a file. Its content goes with the next Sweep, unless another
// file shares it. An unknown id changes nothing.
func Delete(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `delete from files where id = $1`, id)
	return err
}

// DeleteOf forgets all files of a record.
func DeleteOf(ctx context.Context, tx db.Tx, ownerKind, ownerID string) error {
	_, err := tx.Exec(ctx, `delete from files where owner_kind = $1 and owner_id = $2`, ownerKind, ownerID)
	return err
}

// referenced tells which of the hashes some file speaks of.
func referenced(ctx context.Context, r db.Reader, hashes []string) (map[string]bool, error) {
	found := map[string]bool{}
	for _, query := range []string{
		`select distinct hash from files where hash in (` + db.In(1, len(hashes)) + `)`,
		`select distinct thumb_hash from files where thumb_hash <> '' and thumb_hash in (` + db.In(1, len(hashes)) + `)`,
	} {
		list, err := db.All(ctx, r, db.Value[string], query, db.Args(hashes)...)
		if err != nil {
			return nil, err
		}
		for _, hash := range list {
			found[hash] = true
		}
	}
	return found, nil
}

// page reads files after an id, for checks that look at all of them.
func page(ctx context.Context, r db.Reader, after string, n int) ([]File, error) {
	return db.All(ctx, r, scan, `select `+columns+` from files where id > $1 order by id limit $2`, after, n)
}
