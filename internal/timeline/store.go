package timeline

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/db"
)

const columns = `t.contact_id, t.id, t.account_id, t.at, t.kind, t.channel, t.direction, t.voice, t.by_id, t.by_name, t.subject, t.body,
	t.about_kind, t.about_id, t.href, t.follow_on, t.source_id, t.external_id, t.once, t.private, t.machine, t.corrects, t.withdrawn, t.created_at, t.created_by`

// stands is what a touch meets that was neither put right nor taken back.
const stands = `t.withdrawn = false and not exists (select 1 from touches x where x.contact_id = t.contact_id and x.corrects = t.id and x.corrects <> '')`

func scanTouch(row db.Row) (Touch, error) {
	var t Touch
	err := row.Scan(&t.ContactID, &t.ID, &t.AccountID, &t.At, &t.Kind, &t.Channel, &t.Direction, &t.Voice, &t.ByID, &t.ByName, &t.Subject, &t.Body,
		&t.AboutKind, &t.AboutID, &t.Href, &t.FollowOn, &t.SourceID, &t.External, &t.Once, &t.Private, &t.Machine, &t.Corrects, &t.Withdrawn, &t.CreatedAt, &t.CreatedBy)
	return t, err
}

// holder is the column by which the touches of some records are found.
type holder string

const (
	ofContact holder = "contact_id"
	ofAccount holder = "account_id"
)

// stream is one read of the touches of some records.
type stream struct {
	by    holder
	ids   []string
	me    string // who reads: private touches are their author's
	f     Filter
	at    Cursor
	limit int
}

// statement walks the index of each record from the cursor on, so that a page
// costs its rows and not those of the record.
func (s stream) statement() (string, []any) {
	var w db.Where
	way, sign := ` desc`, `<`
	if s.at.Newer {
		way, sign = ``, `>`
	}
	limit := w.Arg(s.limit)
	one := func(id string) string {
		cond := []string{`t.` + string(s.by) + ` = ` + w.Arg(id)}
		if s.by == ofAccount {
			cond = append(cond, `t.account_id <> ''`)
		}
		if s.at.ID != "" {
			cond = append(cond, `(t.at, t.id) `+sign+` (`+w.Arg(s.at.At)+`, `+w.Arg(s.at.ID)+`)`)
		}
		if s.f.From != 0 {
			cond = append(cond, `t.at >= `+w.Arg(s.f.From))
		}
		if s.f.Until != 0 {
			cond = append(cond, `t.at < `+w.Arg(s.f.Until))
		}
		switch s.f.Voice {
		case "":
		case Marketing, Sales:
			cond = append(cond, `t.voice in (`+w.Arg(string(s.f.Voice))+`, 'both')`)
		default:
			cond = append(cond, `t.voice = `+w.Arg(string(s.f.Voice)))
		}
		if s.f.Kind != "" {
			cond = append(cond, `t.kind = `+w.Arg(string(s.f.Kind)))
		}
		if s.f.By != "" {
			cond = append(cond, `t.by_id = `+w.Arg(s.f.By))
		}
		cond = append(cond, `(t.private = false or t.by_id = `+w.Arg(s.me)+`)`, stands)
		return `select ` + columns + ` from touches t where ` + strings.Join(cond, ` and `) + ` order by t.at` + way + `, t.id` + way + ` limit ` + limit
	}
	if len(s.ids) == 1 {
		return one(s.ids[0]), w.Args()
	}
	parts := make([]string, len(s.ids))
	for i, id := range s.ids {
		parts[i] = `select ` + columns + ` from (` + one(id) + `) t`
	}
	return `select ` + columns + ` from (` + strings.Join(parts, ` union all `) + `) t order by t.at` + way + `, t.id` + way + ` limit ` + limit, w.Args()
}

func selectStream(ctx context.Context, r db.Reader, s stream) ([]Touch, error) {
	if len(s.ids) == 0 {
		return nil, nil
	}
	q, args := s.statement()
	return db.All(ctx, r, scanTouch, q, args...)
}

// selectTouches reads touches by id, those put right and taken back too. Private
// ones are absent but for their author.
func selectTouches(ctx context.Context, r db.Reader, me string, ids ...string) ([]Touch, error) {
	var out []Touch
	for part := range slices.Chunk(ids, 500) {
		list, err := db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.id in (`+db.In(2, len(part))+`) and (t.private = false or t.by_id = $1)`,
			append([]any{me}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// selectSuccessors tells which of some touches were put right or taken back, and
// by which.
func selectSuccessors(ctx context.Context, r db.Reader, touches []Touch) (map[string]string, error) {
	out := map[string]string{}
	if len(touches) == 0 {
		return out, nil
	}
	contacts, ids := make([]string, len(touches)), make([]string, len(touches))
	for i, t := range touches {
		contacts[i], ids[i] = t.ContactID, t.ID
	}
	slices.Sort(contacts)
	contacts = slices.Compact(contacts)
	return out, db.Each(ctx, r, func(row db.Row) error {
		var id, by string
		err := row.Scan(&id, &by)
		out[id] = by
		return err
	}, `select x.corrects, x.id from touches x where x.corrects <> '' and x.contact_id in (`+db.In(1, len(contacts))+`)
		and x.corrects in (`+db.In(1+len(contacts), len(ids))+`)`, append(db.Args(contacts), db.Args(ids)...)...)
}

// selectOnce finds what was logged under a key.
func selectOnce(ctx context.Context, r db.Reader, keys ...string) (map[string]string, error) {
	out := map[string]string{}
	for part := range slices.Chunk(keys, 500) {
		if err := db.Each(ctx, r, func(row db.Row) error {
			var once, id string
			err := row.Scan(&once, &id)
			out[once] = id
			return err
		}, `select t.once, t.id from touches t where t.once <> '' and t.once in (`+db.In(1, len(part))+`)`, db.Args(part)...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// selectLast gives the last touch of some records that counts; with evidence,
// the last sign of their own.
func selectLast(ctx context.Context, r db.Reader, by holder, evidence bool, ids []string) (Touch, error) {
	var last Touch
	cond := ``
	if evidence {
		cond = ` and t.direction = 'in'`
	}
	if by == ofAccount {
		cond += ` and t.account_id <> ''`
	}
	for _, id := range ids {
		list, err := db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.`+string(by)+` = $1`+cond+`
			and t.machine = false and t.private = false and `+stands+` order by t.at desc, t.id desc limit 1`, id)
		if err != nil {
			return last, err
		}
		if len(list) == 1 && list[0].At > last.At {
			last = list[0]
		}
	}
	return last, nil
}

// selectMine reads the last touches that somebody logged, newest first: for
// himself alone.
func selectMine(ctx context.Context, r db.Reader, me string, limit int) ([]Touch, error) {
	return db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.by_id = $1 and t.by_id <> '' and t.machine = false order by t.id desc limit $2`, me, limit)
}

// selectToFollow reads what somebody wants to take up again by a day and has
// not: nothing happened with the customer since.
func selectToFollow(ctx context.Context, r db.Reader, me, day string, limit int) ([]Touch, error) {
	return db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.by_id = $1 and t.follow_on <> '' and t.follow_on <= $2 and `+stands+`
		and not exists (select 1 from touches n where n.contact_id = t.contact_id and n.account_id = t.account_id and n.at > t.at and n.id > t.id
			and n.machine = false and n.private = false and n.withdrawn = false and n.corrects = '')
		order by t.follow_on, t.id limit $3`, me, day, limit)
}

// selectAbout reads all touches of some contacts, for what they may ask of us.
func selectAbout(ctx context.Context, r db.Reader, contacts []string) ([]Touch, error) {
	return db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.contact_id in (`+db.In(1, len(contacts))+`) order by t.at, t.id`, db.Args(contacts)...)
}

// selectBy reads all touches that a colleague logged or did.
func selectBy(ctx context.Context, r db.Reader, person string) ([]Touch, error) {
	return db.All(ctx, r, scanTouch, `select `+columns+` from touches t where t.by_id = $1 and t.by_id <> '' order by t.id`, person)
}

// idsOf lists the touches of some contacts or accounts by record; of an account
// only those that concern it alone.
func idsOf(ctx context.Context, r db.Reader, by holder, records []string, each func(record, id string)) error {
	cond := ``
	if by == ofAccount {
		cond = ` and t.contact_id = ''`
	}
	for part := range slices.Chunk(records, 500) {
		if err := db.Each(ctx, r, func(row db.Row) error {
			var record, id string
			err := row.Scan(&record, &id)
			each(record, id)
			return err
		}, `select t.`+string(by)+`, t.id from touches t where t.`+string(by)+` in (`+db.In(1, len(part))+`) and t.`+string(by)+` <> ''`+cond, db.Args(part)...); err != nil {
			return err
		}
	}
	return nil
}
