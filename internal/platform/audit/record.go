package audit

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// Record writes c in the caller's transaction, in the name of the actor of ctx.
// An update that changed nothing is left out.
func Record(ctx context.Context, tx db.Tx, c Change) error {
	edits := c.Edits()
	if len(edits) == 0 && c.Before != nil && c.After != nil {
		return nil
	}
	a := auth.From(ctx)
	return insert(ctx, tx, Entry{ID: db.NewID(), At: tx.Now(), ActorID: a.UserID, ActorKind: kindName(a.Kind), ActorName: a.Name,
		Action: c.Action, Kind: c.Kind, ObjectID: c.ID, Name: c.Name, About: c.About, Edits: edits, RequestID: a.RequestID})
}
