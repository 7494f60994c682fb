package imports

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"unisson/internal/imports/table"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/registry"
)

// Config says what a Service works with.
type Config struct {
	DB      *db.DB
	Dir     string // where files are kept
	Targets []registry.Target
	ActFor  func(ctx context.Context, userID string) (context.Context, error) // with the rights that somebody has now
}

// Service is what can be done with imports. Safe for concurrent use.
type Service struct {
	db      *db.DB
	files   folder
	targets []registry.Target
	actFor  func(ctx context.Context, userID string) (context.Context, error)
}

// New makes the service.
func New(c Config) *Service {
	return &Service{db: c.DB, files: folder{c.Dir}, targets: c.Targets, actFor: c.ActFor}
}

// Targets are what files can be read into by the actor.
func (s *Service) Targets(ctx context.Context) []registry.Target {
	a := auth.From(ctx)
	return slices.DeleteFunc(slices.Clone(s.targets), func(t registry.Target) bool { return !a.Can(t.Perm) })
}

// target finds one that the actor may use.
func (s *Service) target(ctx context.Context, name string) (registry.Target, error) {
	i := slices.IndexFunc(s.targets, func(t registry.Target) bool { return t.Name == name })
	if i < 0 {
		return registry.Target{}, errs.NotFound("import target")
	}
	return s.targets[i], auth.Require(ctx, s.targets[i].Perm)
}

// Fields are what rows of a target may hold.
func (s *Service) Fields(ctx context.Context, target string) ([]registry.Field, error) {
	t, err := s.target(ctx, target)
	if err != nil {
		return nil, err
	}
	var out []registry.Field
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = t.Fields(ctx, r)
		return err
	})
	return out, errs.Wrap("import fields", err)
}

// Upload keeps a file, finds out what it is and proposes what its columns mean.
// A file that cannot be read at all is a *table.Refusal, and is not kept.
func (s *Service) Upload(ctx context.Context, target, name string, r io.Reader, want table.Dialect) (Import, error) {
	if _, err := s.target(ctx, target); err != nil {
		return Import{}, err
	}
	k, err := s.files.keep(ctx, r)
	if err != nil {
		return Import{}, err
	}
	a := auth.From(ctx)
	name = baseName(name)
	i := Import{ID: db.NewID(), Target: target, State: Sniffed, Name: name, Hash: k.hash, Size: k.size, Key: registry.KeyAuto,
		Day: clock.DayOf(s.db.Clock().Now()).String(), AuthorID: a.UserID, Author: a.Name}
	if err := s.files.place(k, i.ID); err != nil {
		s.files.drop(k)
		return Import{}, err
	}
	if err := s.sniff(ctx, &i, want); err != nil {
		return Import{}, errors.Join(err, s.files.remove(i.ID))
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return insertImport(ctx, tx, i) })
	if err != nil {
		return Import{}, errors.Join(errs.Wrap("upload", err), s.files.remove(i.ID))
	}
	return s.Import(ctx, i.ID)
}

func baseName(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
	if r := []rune(name); len(r) > 300 {
		name = string(r[len(r)-300:])
	}
	if name == "" {
		name = "file"
	}
	return name
}

// sniff finds out how a file is read and what its columns mean: as last time,
// where a file with such a header was brought in before.
func (s *Service) sniff(ctx context.Context, i *Import, want table.Dialect) error {
	src, in, err := s.files.open(*i)
	if err != nil {
		return err
	}
	defer in.Close()
	if i.Guess, err = table.Sniff(ctx, src, want); err != nil {
		return err
	}
	i.Dialect = i.Guess.Dialect
	i.HeaderKey = headerKey(i.Guess.Header)
	t, err := s.target(ctx, i.Target)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		fields, err := t.Fields(ctx, r)
		if err != nil {
			return err
		}
		i.Mapping = Propose(t, fields, i.Guess.Header, i.Guess.Sample)
		last, ok, err := selectMapping(ctx, r, i.Target, i.HeaderKey)
		if err == nil && ok && last.check(fields, i.Guess.Header) == nil {
			i.Mapping = last
		}
		return err
	})
}

// Import reads one that the actor may see.
func (s *Service) Import(ctx context.Context, id string) (Import, error) {
	var out Import
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = s.mine(ctx, r, id)
		return err
	})
	return out, errs.Wrap("import", err)
}

func (s *Service) mine(ctx context.Context, r db.Reader, id string) (Import, error) {
	a := auth.From(ctx)
	if err := auth.Require(ctx, MayImport); err != nil {
		return Import{}, err
	}
	i, err := selectImport(ctx, r, id)
	if err == nil && i.AuthorID != a.UserID && !a.Can(MaySeeAll) {
		err = errs.NotFound("import")
	}
	return i, err
}

// History lists imports, newest first, those before one.
func (s *Service) History(ctx context.Context, before string, limit int) ([]Import, error) {
	a := auth.From(ctx)
	if err := auth.Require(ctx, MayImport); err != nil {
		return nil, err
	}
	author := a.UserID
	if a.Can(MaySeeAll) {
		author = ""
	}
	var out []Import
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = selectImports(ctx, r, author, before, limit)
		return err
	})
	return out, errs.Wrap("imports", err)
}

// Plan is what somebody corrects before a run. Nil parts stay.
type Plan struct {
	Dialect   *table.Dialect // the file is looked at anew
	Mapping   *Mapping
	Key       *string
	Overwrite *bool
	Day       *string
}

// Correct changes how a file is read and taken in, before any of it was.
func (s *Service) Correct(ctx context.Context, id string, p Plan) (Import, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return i, err
	}
	if !i.State.Ready() && i.State != Failed || i.Done > 0 {
		return i, errs.Conflict("imports.errors.under_way")
	}
	t, err := s.target(ctx, i.Target)
	if err != nil {
		return i, err
	}
	restage := p.Dialect != nil && text(*p.Dialect) != text(i.Dialect)
	if restage {
		if err := s.sniff(ctx, &i, *p.Dialect); err != nil {
			return i, err
		}
		i.Staged, i.Total, i.State = 0, 0, Sniffed
	}
	if i.State == Dry {
		i.State = Staged
	}
	i.Dry = Trial{}
	if p.Mapping != nil {
		i.Mapping = *p.Mapping
	}
	if p.Key != nil {
		if *p.Key != registry.KeyAuto && !slices.Contains(t.Keys, *p.Key) {
			return i, errs.Invalid(errs.Field{Name: "key", Code: "imports.errors.key"})
		}
		i.Key = *p.Key
	}
	if p.Overwrite != nil {
		i.Overwrite = *p.Overwrite
	}
	if p.Day != nil {
		if _, err := clock.ParseDay(*p.Day); err != nil {
			return i, errs.Invalid(errs.Field{Name: "day", Code: "imports.errors.day"})
		}
		i.Day = *p.Day
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		fields, err := t.Fields(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if err := i.Mapping.check(fields, i.Guess.Header); err != nil {
			return &errs.Error{Kind: errs.KindInvalid, Fields: []errs.Field{{Name: "mapping", Code: "imports.errors.mapping"}}, Err: err}
		}
		if restage {
			if err := deleteChunks(ctx, tx, id); err != nil {
				return err
			}
		}
		ok, err := updatePlan(ctx, tx, i)
		if err == nil && !ok {
			err = errs.Conflict("imports.errors.under_way")
		}
		return err
	})
	if err != nil {
		return i, errs.Wrap("correct import", err)
	}
	return s.Import(ctx, id)
}

// Try begins a dry run.
func (s *Service) Try(ctx context.Context, id string) error { return s.begin(ctx, id, Drying) }

// Run begins the run, and keeps the mapping for the next such file.
func (s *Service) Run(ctx context.Context, id string) error { return s.begin(ctx, id, Running) }

// begin hands an import to a worker: staging first where that is not done.
func (s *Service) begin(ctx context.Context, id string, what State) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		i, err := s.mine(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		t, err := s.target(ctx, i.Target)
		if err != nil {
			return err
		}
		resume := what == Running && (i.State == Cancelled || i.State == Failed) && i.Done > 0 && !i.FileGone
		if !i.State.Ready() && !resume {
			return errs.Conflict("imports.errors.under_way")
		}
		if len(i.Mapping.Columns)+len(i.Mapping.Set) == 0 || !slices.ContainsFunc(slices.Collect(maps.Values(i.Mapping.Columns)), func(c Column) bool { return c.Field != "" }) {
			return errs.Invalid(errs.Field{Name: "mapping", Code: "imports.errors.nothing_mapped"})
		}
		to, next := what, State("")
		if i.Total == 0 {
			to, next = Staging, what
		}
		if what == Running {
			if err := t.Begin(ctx, tx, registry.Source{ID: i.ID, Name: i.Name, Day: i.Day}); err != nil {
				return err
			}
			if err := upsertMapping(ctx, tx, i); err != nil {
				return err
			}
			if err := setStarted(ctx, tx, id); err != nil {
				return err
			}
		}
		if ok, err := move(ctx, tx, id, []State{i.State}, to, next); err != nil || !ok {
			return errors.Join(err, errs.Conflict("imports.errors.under_way"))
		}
		return s.enqueue(ctx, tx, id)
	})
	return errs.Wrap("begin import", err)
}

func (s *Service) enqueue(ctx context.Context, tx db.Tx, id string) error {
	ticket, err := jobs.Insert(ctx, tx, workJob{ImportID: id}, jobs.Opts{Queue: Queue})
	if err != nil {
		return err
	}
	return setJob(ctx, tx, id, ticket.ID)
}

// Cancel ends a run between two steps; what was taken in stays, and can be
// undone.
func (s *Service) Cancel(ctx context.Context, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		i, err := s.mine(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if !i.State.Working() || i.State == Undoing {
			return errs.Conflict("imports.errors.not_running")
		}
		to := Cancelled
		switch {
		case i.State == Staging:
			to = Sniffed
		case i.State == Drying, i.Done == 0:
			to = Staged
		}
		if ok, err := move(ctx, tx, id, []State{i.State}, to, ""); err != nil || !ok {
			return errors.Join(err, errs.Conflict("imports.errors.not_running"))
		}
		return nil
	})
	return errs.Wrap("cancel import", err)
}

// Undo begins to take an import back.
func (s *Service) Undo(ctx context.Context, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		i, err := s.mine(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if !i.Undoable(tx.Now()) || i.State == Undoing {
			return errs.Conflict("imports.errors.not_undoable")
		}
		if ok, err := move(ctx, tx, id, []State{i.State}, Undoing, ""); err != nil || !ok {
			return errors.Join(err, errs.Conflict("imports.errors.under_way"))
		}
		return s.enqueue(ctx, tx, id)
	})
	return errs.Wrap("undo import", err)
}
