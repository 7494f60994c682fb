package auth

import (
	"context"
	"fmt"
	"strings"

	"unisson/internal/platform/db"
)

func insertLog(ctx context.Context, tx db.Tx, e LogEntry) error {
	_, err := tx.Exec(ctx, `insert into security_log (id, at, kind, user_id, actor_id, ip, user_agent, detail)
		values ($1, $2, $3, nullif($4, ''), nullif($5, ''), $6, $7, $8)`, e.ID, e.At, e.Kind, e.UserID, e.ActorID, e.IP, e.UserAgent, e.Detail)
	return err
}

func selectLog(ctx context.Context, r db.Reader, f LogFilter) ([]LogEntry, error) {
	var where []string
	var args []any
	narrow := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			where = append(where, fmt.Sprintf(condition, len(args)))
		}
	}
	narrow("l.user_id = $%d", f.UserID)
	narrow("l.kind = $%d", f.Kind)
	narrow("l.id < $%d", f.Before)
	query := `select l.id, l.at, l.kind, coalesce(l.user_id, ''), coalesce(u.given_name || ' ' || u.family_name, ''),
		coalesce(l.actor_id, ''), coalesce(a.given_name || ' ' || a.family_name, ''), l.ip, l.user_agent, l.detail
		from security_log l left join users u on u.id = l.user_id left join users a on a.id = l.actor_id`
	if len(where) > 0 {
		query += ` where ` + strings.Join(where, ` and `)
	}
	args = append(args, f.Limit)
	query += fmt.Sprintf(` order by l.id desc limit $%d`, len(args))
	return db.All(ctx, r, func(row db.Row) (e LogEntry, err error) {
		err = row.Scan(&e.ID, &e.At, &e.Kind, &e.UserID, &e.UserName, &e.ActorID, &e.ActorName, &e.IP, &e.UserAgent, &e.Detail)
		return e, err
	}, query, args...)
}

func deleteOldLog(ctx context.Context, tx db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `delete from security_log where at < $1`, before)
	return err
}
