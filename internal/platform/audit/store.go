package audit

import (
	"context"
	"encoding/json"
	"strconv"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// Entry is one line of the log as it is read.
type Entry struct {
	ID        string
	At        db.Time
	ActorID   string
	ActorKind string
	ActorName string
	Action    string
	Kind      string
	ObjectID  string
	Name      string
	About     string
	Edits     []Edit
	RequestID string
}

// Filter narrows the log; the zero value means everything.
type Filter struct {
	About  string // only what concerns this person
	Kind   string // with ObjectID: one object's history
	Object string
	Actor  string
	After  string // keyset: entries older than this id
	Limit  int    // 0: 50
}

const maxLimit = 1000

const columns = `id, at, actor_id, actor_kind, actor_name, action, object_kind, object_id, object_name, about_id, changes, request_id`

func insert(ctx context.Context, tx db.Tx, e Entry) error {
	changes, err := marshal(e.Edits)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into audit_log (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, e.At, e.ActorID, e.ActorKind, e.ActorName, e.Action, e.Kind, e.ObjectID, e.Name, e.About, string(changes), e.RequestID)
	return err
}

// List reads the log, newest first. Who may read what is the caller's rule:
// anyone what is About him, administrators everything.
func List(ctx context.Context, r db.Reader, f Filter) ([]Entry, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, maxLimit)
	// Only what is asked for stands in where, so that each way in has its index.
	where, args := "1 = 1", []any{}
	add := func(cond string, value string) {
		args = append(args, value)
		where += " and " + cond + " $" + strconv.Itoa(len(args))
	}
	if f.About != "" {
		add("about_id =", f.About)
	}
	if f.Kind != "" {
		add("object_kind =", f.Kind)
		add("object_id =", f.Object)
	}
	if f.Actor != "" {
		add("actor_id =", f.Actor)
	}
	if f.After != "" {
		add("id <", f.After)
	}
	args = append(args, f.Limit)
	return db.All(ctx, r, scan, `select `+columns+` from audit_log where `+where+` order by id desc limit $`+strconv.Itoa(len(args)), args...)
}

func scan(row db.Row) (Entry, error) {
	var e Entry
	var changes string
	err := row.Scan(&e.ID, &e.At, &e.ActorID, &e.ActorKind, &e.ActorName, &e.Action, &e.Kind, &e.ObjectID, &e.Name, &e.About, &changes, &e.RequestID)
	if err == nil {
		err = json.Unmarshal([]byte(changes), &e.Edits)
	}
	return e, err
}

// kindName is the stored name of the kinds of actor.
func kindName(k auth.Kind) string {
	switch k {
	case auth.Person:
		return "person"
	case auth.Token:
		return "token"
	case auth.System:
		return "system"
	}
	return "visitor"
}
