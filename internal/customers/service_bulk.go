package customers

import (
	"context"
	"maps"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
)

// maxBulk is how many records one act changes at most.
const maxBulk = 10_000

// bulkBatch is how many are read and written at a time, in one transaction.
const bulkBatch = 500

// Bulk is one change of many records.
type Bulk struct {
	Kind  Kind
	IDs   []string // those chosen; nil: all that Query finds
	Query Query
	Field string // sales, marketing, region, tier, tags, untag
	Value string // an id, a code, tags one a line; empty: none
}

// BulkCount tells what a change does, or did.
type BulkCount struct {
	Change  int
	Same    int // have the value already
	Foreign int // readable, and not the actor's to change
	Over    bool
}

// bulkFields are the fields that many records may get at once.
func bulkFields(k Kind) []string {
	out := []string{"sales", "marketing", "region", "tags", "untag"}
	if k == KindAccount {
		out = append(out, "tier")
	}
	return out
}

// field is the field that the change is of.
func (b Bulk) field() string {
	if b.Field == "untag" {
		return "tags"
	}
	return b.Field
}

// next gives the value of a record after the change.
func (b Bulk) next(now string) string {
	switch b.Field {
	case "tags":
		return tagLines(now + "\n" + b.Value)
	case "untag":
		gone := map[string]bool{}
		for t := range strings.SplitSeq(b.Value, "\n") {
			gone[db.Fold(t)] = true
		}
		return strings.Join(slices.DeleteFunc(lines(now), func(t string) bool { return gone[db.Fold(t)] }), "\n")
	}
	return b.Value
}

// PlanBulk tells what a change would do. Nothing is written.
func (s *Service) PlanBulk(ctx context.Context, b Bulk) (BulkCount, error) {
	var out BulkCount
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = s.eachBulk(ctx, r, &b, func([]*Record) error { return nil })
		return err
	})
	return out, errs.Wrap("plan bulk", err)
}

// ApplyBulk changes many records in one transaction and gives the id by which
// all of it is undone; "" when nothing changed.
func (s *Service) ApplyBulk(ctx context.Context, b Bulk, name string) (string, BulkCount, error) {
	var out BulkCount
	source := ""
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		sch, err := schema(ctx, tx.Reader, b.Kind)
		if err != nil {
			return err
		}
		id := db.NewID()
		// All is read before anything is written, so that the change itself moves nothing
		// in the list that is walked.
		var all []*Record
		if out, err = s.eachBulk(ctx, tx.Reader, &b, func(recs []*Record) error { all = append(all, recs...); return nil }); err != nil || out.Change == 0 {
			return err
		}
		if out.Over {
			return errs.Conflict("customers.list.bulk.over")
		}
		source = id
		if err := insertAct(ctx, tx, Source{ID: id, Kind: "program", Name: name, CreatedBy: auth.From(ctx).UserID}); err != nil {
			return err
		}
		for part := range slices.Chunk(all, bulkBatch) {
			if err := s.writeEach(ctx, tx, sch, part, b.field(), b.next, source); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", BulkCount{}, errs.Wrap("bulk", err)
	}
	return source, out, nil
}

// eachBulk walks what a change is of, and gives those that it would change.
func (s *Service) eachBulk(ctx context.Context, r db.Reader, b *Bulk, fn func([]*Record) error) (BulkCount, error) {
	var out BulkCount
	if err := auth.Require(ctx, MayRead); err != nil {
		return out, err
	}
	if err := auth.Require(ctx, MayEdit); err != nil {
		return out, err
	}
	if err := s.checkBulk(ctx, r, b); err != nil {
		return out, err
	}
	may, err := s.mayEach(ctx, r)
	if err != nil {
		return out, err
	}
	seen := 0
	take := func(recs []*Record) error {
		var change []*Record
		for _, rec := range recs {
			now := rec.Values[b.field()]
			switch {
			case !rec.Live():
			case !may(rec):
				out.Foreign++
			case b.next(now) == now:
				out.Same++
			default:
				out.Change++
				change = append(change, rec)
			}
		}
		return fn(change)
	}
	if b.IDs != nil {
		for part := range slices.Chunk(b.IDs, bulkBatch) {
			recs, err := selectRecords(ctx, r, auth.From(ctx).Scope, b.Kind, part)
			if err == nil {
				err = take(recs)
			}
			if err != nil {
				return out, err
			}
		}
		return out, nil
	}
	err = s.walk(ctx, r, b.Query, func(recs []*Record) (bool, error) {
		if seen += len(recs); seen > maxBulk {
			out.Over = true
			recs = recs[:len(recs)-(seen-maxBulk)]
		}
		return !out.Over, take(recs)
	})
	return out, err
}

// checkBulk tells what is wrong with a change, and reads its value.
func (s *Service) checkBulk(ctx context.Context, r db.Reader, b *Bulk) error {
	if !b.Kind.Valid() || !slices.Contains(bulkFields(b.Kind), b.Field) {
		return errs.Malformed("field", "customers.errors.choose")
	}
	if len(b.IDs) > maxBulk {
		return errs.Conflict("customers.list.bulk.over")
	}
	b.IDs = unique(b.IDs)
	b.Query.Kind = b.Kind
	sch, err := schema(ctx, r, b.Kind)
	if err != nil {
		return err
	}
	clean, wrong := Cleaner{Schema: sch}.Clean(Values{b.field(): b.Value})
	if b.Value = clean[b.field()]; b.field() == "tags" && b.Value == "" {
		wrong.Add("value", "errors.required")
	}
	missing, err := s.dangling(ctx, r, sch, clean)
	if err != nil {
		return err
	}
	if len(wrong)+len(missing) > 0 {
		return errs.Invalid(errs.Field{Name: "value", Code: append(wrong, missing...)[0].Code})
	}
	if b.field() == "tags" {
		return s.spellBulk(ctx, r, b)
	}
	return nil
}

// spellBulk writes the tags as they were first spelt.
func (s *Service) spellBulk(ctx context.Context, r db.Reader, b *Bulk) error {
	v := Values{"tags": b.Value}
	err := s.spell(ctx, r, v)
	b.Value = v["tags"]
	return err
}

func unique(ids []string) []string {
	if ids == nil {
		return nil
	}
	seen := map[string]bool{}
	out := []string{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// walk gives all that a list finds, in its order, some at a time, until fn has
// enough.
func (s *Service) walk(ctx context.Context, r db.Reader, q Query, fn func([]*Record) (more bool, err error)) error {
	f, groups, err := s.finder(ctx, r, q)
	if err != nil {
		return err
	}
	at := Cursor{}
	for {
		page, err := f.list(ctx, at, bulkBatch, slices.Clone(groups))
		if err != nil {
			return err
		}
		if len(page.Records) > 0 {
			if more, err := fn(page.Records); err != nil || !more {
				return err
			}
		}
		if page.Next == nil {
			return nil
		}
		at = *page.Next
	}
}

// writeEach gives one field of some records a new value: their rows, edits,
// places in the search and facts. Somebody who wrote one of them meanwhile makes
// it fail whole.
func (s *Service) writeEach(ctx context.Context, tx db.Tx, sch *Schema, recs []*Record, field string, next func(string) string, source string) error {
	if len(recs) == 0 {
		return nil
	}
	by := auth.From(ctx)
	after := make([]*Record, len(recs))
	changes := make([]edit, len(recs))
	for i, rec := range recs {
		n := *rec
		n.Values = maps.Clone(rec.Values)
		if v := next(rec.Values[field]); v != "" {
			n.Values[field] = v
		} else {
			delete(n.Values, field)
		}
		n.Version, n.UpdatedAt, n.UpdatedBy = rec.Version+1, tx.Now(), by.UserID
		after[i] = &n
		changes[i] = edit{recordID: rec.ID, version: n.Version, byID: by.UserID, by: by.Name, source: source,
			fields: []edits.Field{{Name: field, From: rec.Values[field], To: n.Values[field]}}}
	}
	ok, err := updateEach(ctx, tx, sch, recs, after, field)
	if err == nil && !ok {
		err = errs.Conflict("customers.list.bulk.raced")
	}
	if err != nil {
		return err
	}
	if err := insertEdits(ctx, tx, changes); err != nil {
		return err
	}
	if err := s.index(ctx, tx, sch.Kind, after); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, RecordsSaved{Kind: sch.Kind, Changed: ids(recs)})
}
