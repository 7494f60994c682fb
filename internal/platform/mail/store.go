package mail

import (
	"context"

	"unisson/internal/platform/db"
)

const mailColumns = `id, key, kind, to_address, to_name, lang, subject, unsubscribe_url, at_most_once, state, tries, answer,
	created_at, handed_at, ended_at`

func scanMail(row db.Row) (m Mail, err error) {
	err = row.Scan(&m.ID, &m.Key, &m.Kind, &m.To, &m.ToName, &m.Lang, &m.Subject, &m.unsubscribeURL, &m.atMostOnce, &m.State, &m.Tries,
		&m.Answer, &m.CreatedAt, &m.HandedAt, &m.EndedAt)
	return m, err
}

// insertMail tells whether the row is new: one of its key may be there already.
func insertMail(ctx context.Context, tx db.Tx, m Mail) (bool, error) {
	n, err := tx.Exec(ctx, `insert into mails (id, key, kind, to_address, to_name, lang, subject, body_text, body_html, unsubscribe_url,
		at_most_once, state, tries, answer, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', $13)
		on conflict (key) do nothing`,
		m.ID, m.Key, m.Kind, m.To, m.ToName, m.Lang, m.Subject, m.Text, m.HTML, m.unsubscribeURL, m.atMostOnce, m.State, m.CreatedAt)
	return n == 1, err
}

// mailByID is a mail with its texts as they are stored.
func mailByID(ctx context.Context, r db.Reader, id string) (Mail, error) {
	var text, html string
	m, err := db.One(ctx, r, func(row db.Row) (m Mail, err error) {
		err = row.Scan(&m.ID, &m.Key, &m.Kind, &m.To, &m.ToName, &m.Lang, &m.Subject, &m.unsubscribeURL, &m.atMostOnce, &m.State, &m.Tries,
			&m.Answer, &m.CreatedAt, &m.HandedAt, &m.EndedAt, &text, &html)
		return m, err
	}, `select `+mailColumns+`, body_text, body_html from mails where id = $1`, id)
	m.Text, m.HTML = text, html
	return m, err
}

func mails(ctx context.Context, r db.Reader, after string, limit int, states []State) ([]Mail, error) {
	where := `where ($1 = '' or id < $1)`
	args := []any{after, limit}
	if len(states) > 0 {
		where += ` and state in (` + db.In(3, len(states)) + `)`
		for _, s := range states {
			args = append(args, s)
		}
	}
	return db.All(ctx, r, scanMail, `select `+mailColumns+` from mails `+where+` order by id desc limit $2`, args...)
}

// claim takes a mail as it was seen; false when somebody else was faster.
func claim(ctx context.Context, tx db.Tx, seen Mail) (bool, error) {
	n, err := tx.Exec(ctx, `update mails set state = 'claimed', tries = tries + 1 where id = $1 and state = $2 and tries = $3`,
		seen.ID, seen.State, seen.Tries)
	return n == 1, err
}

// hand notes that the next byte leaves; false when a later try has taken the mail over.
func hand(ctx context.Context, tx db.Tx, id string, try int) (bool, error) {
	n, err := tx.Exec(ctx, `update mails set state = 'handed', handed_at = $3 where id = $1 and tries = $2 and state = 'claimed'`, id, try, tx.Now())
	return n == 1, err
}

// giveBack makes a mail wait for its next try, when the relay certainly does not have it.
func giveBack(ctx context.Context, tx db.Tx, id string, try int, answer string) error {
	_, err := tx.Exec(ctx, `update mails set state = 'planned', answer = $3 where id = $1 and tries = $2 and state in ('claimed', 'handed')`, id, try, answer)
	return err
}

// note keeps what was heard, leaving the state.
func note(ctx context.Context, tx db.Tx, id string, try int, answer string) error {
	_, err := tx.Exec(ctx, `update mails set answer = $3 where id = $1 and tries = $2`, id, try, answer)
	return err
}

// accept ends a mail that the relay has, whoever brought it there, and empties its texts.
func accept(ctx context.Context, tx db.Tx, id, answer string) error {
	_, err := tx.Exec(ctx, `update mails set state = 'accepted', answer = $2, ended_at = $3, body_text = '', body_html = ''
		where id = $1 and state <> 'accepted'`, id, answer, tx.Now())
	return err
}

// end closes a mail that the relay does not have for certain, unless a later try has taken it over.
func end(ctx context.Context, tx db.Tx, id string, try int, s State, answer string) error {
	_, err := tx.Exec(ctx, `update mails set state = $3, answer = $4, ended_at = $5
		where id = $1 and tries = $2 and state in ('planned', 'claimed', 'handed')`, id, try, s, answer, tx.Now())
	return err
}

func replan(ctx context.Context, tx db.Tx, id string) (int64, error) {
	return tx.Exec(ctx, `update mails set state = 'planned', tries = 0, ended_at = null where id = $1 and state in ('failed', 'uncertain')`, id)
}

func purge(ctx context.Context, tx db.Tx, before db.Time, limit int) (int64, error) {
	return tx.Exec(ctx, `delete from mails where id in (select id from mails where ended_at < $1 order by ended_at, id limit $2)`, before, limit)
}

const ofPerson = `to_address in (select email from users where id = $1)`

func mailsOf(ctx context.Context, r db.Reader, userID string) ([]Mail, error) {
	return db.All(ctx, r, scanMail, `select `+mailColumns+` from mails where `+ofPerson+` order by id`, userID)
}

func eraseMailsOf(ctx context.Context, tx db.Tx, userID string) error {
	_, err := tx.Exec(ctx, `delete from mails where `+ofPerson, userID)
	return err
}
