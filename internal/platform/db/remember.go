package db

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// staleFor bounds how long anything remembered is believed without asking the
// database again: it is how late a process hears of what another one wrote. What
// takes a right away must be known within 5 s, with time to spare.
const staleFor = 2 * time.Second

// memory is what one request has read.
type memory struct {
	mu    sync.Mutex
	known map[any]remembered
}

type remembered struct {
	value any
	at    Time
	gen   uint64 // of the tables it was read from; for shelf
}

type memoryKey struct{}

// WithMemory gives a context for one request, in which Once reads each thing
// once. A write under it forgets all, so that a request reads what it wrote.
func WithMemory(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, &memory{known: map[any]remembered{}})
}

func memoryOf(ctx context.Context) *memory {
	m, _ := ctx.Value(memoryKey{}).(*memory)
	return m
}

func (m *memory) forget() {
	if m != nil {
		m.mu.Lock()
		clear(m.known)
		m.mu.Unlock()
	}
}

// Once gives what read gives, remembered for the request under key: a value of
// the caller's own type. In a transaction, on a snapshot and without a memory it
// reads each time. Errors are not remembered. Whoever gets a slice or a map must
// not change it.
func Once[T any](ctx context.Context, r Reader, key any, read func() (T, error)) (T, error) {
	m := memoryOf(ctx)
	if m == nil || r.st != nil || r.q != nil {
		return read()
	}
	now := At(r.d.clock.Now())
	m.mu.Lock()
	k, ok := m.known[key]
	m.mu.Unlock()
	if ok && k.fresh(now) {
		return k.value.(T), nil
	}
	v, err := read()
	if err == nil {
		m.mu.Lock()
		m.known[key] = remembered{value: v, at: now}
		m.mu.Unlock()
	}
	return v, err
}

func (k remembered) fresh(now Time) bool { return now >= k.at && now < k.at.Add(staleFor) }

// shelf is what this process has read for all requests. What a commit of this
// process writes to a table takes away at once what was read from it; what other
// processes write is seen staleFor later at most.
type shelf struct {
	mu   sync.Mutex
	kept map[any]remembered
	gens sync.Map // table -> *atomic.Uint64
	all  atomic.Uint64
}

// shelfMax bounds the shelf: what is no longer believed leaves a full one, and
// when nothing is, it is emptied. What stands there is as large as a page.
const shelfMax = 64

// put keeps one thing on the shelf.
func (s *shelf) put(key any, k remembered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= shelfMax {
		for other, o := range s.kept {
			if !o.fresh(k.at) {
				delete(s.kept, other)
			}
		}
	}
	if s.kept == nil || len(s.kept) >= shelfMax {
		s.kept = map[any]remembered{}
	}
	s.kept[key] = k
}

func (s *shelf) gen(table string) *atomic.Uint64 {
	g, ok := s.gens.Load(table)
	if !ok {
		g, _ = s.gens.LoadOrStore(table, new(atomic.Uint64))
	}
	return g.(*atomic.Uint64)
}

// of adds the generations of tables up: each only ever grows.
func (s *shelf) of(tables []string) uint64 {
	sum := s.all.Load()
	for _, t := range tables {
		sum += s.gen(t).Load()
	}
	return sum
}

// written tells that a transaction has ended that wrote to tables.
func (s *shelf) written(tables []string) {
	for _, t := range tables {
		if t == "" {
			s.all.Add(1)
			continue
		}
		s.gen(t).Add(1)
	}
}

// Shared gives what read gives, remembered for all requests of this process
// under key: for small things that every page shows and few people change. It
// must depend on nothing but key and the rows of tables; those from which a
// foreign key deletes or empties rows of theirs count among them. A commit of
// this process is seen at once, one of another process two seconds later at most:
// never read by it what a form is saved against, nor whether somebody may act.
// In a transaction and on a snapshot it reads each time. Whoever gets a slice or
// a map must not change it.
func Shared[T any](r Reader, key any, tables []string, read func() (T, error)) (T, error) {
	if r.st != nil || r.q != nil {
		return read()
	}
	s, now := &r.d.shelf, At(r.d.clock.Now())
	gen := s.of(tables) // before reading: what is committed meanwhile must not be missed
	s.mu.Lock()
	k, ok := s.kept[key]
	s.mu.Unlock()
	if ok && k.gen == gen && k.fresh(now) {
		return k.value.(T), nil
	}
	v, err := read()
	if err == nil {
		s.put(key, remembered{value: v, at: now, gen: gen})
	}
	return v, err
}

// wrote notes the table that a statement changes.
func (st *txState) wrote(table string) {
	for _, t := range st.tables {
		if t == table {
			return
		}
	}
	st.tables = append(st.tables, table)
}

// changes tells whether a statement that gives rows changes some as well.
func changes(query string) bool {
	words := strings.Fields(query[:min(len(query), 120)])
	if len(words) == 0 {
		return false
	}
	switch strings.ToLower(words[0]) {
	case "select", "values":
		return false
	case "with": // what changes stands somewhere behind
		words = strings.Fields(strings.ToLower(query))
		return slices.ContainsFunc(words, func(w string) bool {
			w = strings.Trim(w, "()")
			return w == "insert" || w == "update" || w == "delete"
		})
	}
	return true
}

// tableOf gives the table that a statement changes, "" when it cannot tell.
func tableOf(query string) string {
	words := strings.Fields(query[:min(len(query), 120)])
	if len(words) < 3 {
		return ""
	}
	name := ""
	switch verb, second := strings.ToLower(words[0]), strings.ToLower(words[1]); {
	case verb == "update":
		name = words[1]
	case verb == "insert" && second == "into", verb == "delete" && second == "from":
		name = words[2]
	}
	name, _, _ = strings.Cut(name, "(")
	return strings.Trim(name, `"`)
}
