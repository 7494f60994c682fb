package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"os"
	"slices"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// grace is the age before which a content without a row is not swept: longer
// than any transaction that may still write the row.
const grace = 24 * time.Hour

// File is a file as somebody knows it.
type File struct {
	ID        string
	Hash      string // of its content
	Thumb     string // hash of its small picture; empty: none
	Name      string
	MediaType string
	Size      int64
	OwnerKind string
	OwnerID   string
	CreatedBy string
	CreatedAt db.Time
}

// Meta says whose file it is and what is accepted.
type Meta struct {
	Name      string // as the sender calls it; cleaned
	OwnerKind string
	OwnerID   string
	CreatedBy string // empty: the program itself
	Policy    Policy
}

// Saved is a content on disk that no row speaks of yet.
type Saved struct {
	Content
	Thumb     string
	Name      string
	MediaType string
}

// Store keeps contents in one folder. Safe for concurrent use.
type Store struct {
	disk     disk
	clock    clock.Clock
	decoders chan struct{}
}

// New opens a folder; it is made with the first content.
func New(dir string, c clock.Clock) *Store {
	// A decoded image takes 100 MB at worst: two at once bound the memory.
	return &Store{disk: disk{dir: dir}, clock: c, decoders: make(chan struct{}, 2)}
}

func invalid(code string, params ...any) error {
	var f errs.Fields
	f.Add("file", code, params...)
	return f.Err()
}

// Put keeps what r gives and writes its row: Save and Add in one, for readers
// that need no waiting.
func (s *Store) Put(ctx context.Context, tx db.Tx, m Meta, r io.Reader) (File, error) {
	saved, err := s.Save(ctx, m.Policy, m.Name, r)
	if err != nil {
		return File{}, err
	}
	return s.Add(ctx, tx, m, saved)
}

// Save checks what r gives against the policy and keeps it on disk. What is
// refused is errs.Invalid with the field "file".
func (s *Store) Save(ctx context.Context, p Policy, name string, r io.Reader) (Saved, error) {
	in := bufio.NewReaderSize(r, 4096)
	head, err := in.Peek(3072)
	if err != nil && !errors.Is(err, io.EOF) {
		return Saved{}, unread(err, p)
	}
	if len(head) == 0 {
		return Saved{}, invalid("files.errors.empty")
	}
	k, known := sniffed(head, name)
	if !known || !slices.Contains(p.Types, k.media) {
		return Saved{}, invalid("files.errors.type")
	}
	if _, isImage := codecFor(k.media); isImage {
		return s.saveImage(ctx, p, k, name, in)
	}
	c, err := s.keep(ctx, in, p.MaxSize)
	if err != nil {
		return Saved{}, unread(err, p)
	}
	return Saved{Content: c, Name: cleanName(name, k), MediaType: k.media}, nil
}

func (s *Store) saveImage(ctx context.Context, p Policy, k kind, name string, r io.Reader) (Saved, error) {
	data, err := io.ReadAll(io.LimitReader(r, p.MaxSize+1))
	if err == nil && int64(len(data)) > p.MaxSize {
		err = errTooLong
	}
	if err != nil {
		return Saved{}, unread(err, p)
	}
	select {
	case s.decoders <- struct{}{}:
	case <-ctx.Done():
		return Saved{}, ctx.Err()
	}
	pic, err := redraw(data, k.media, p)
	<-s.decoders
	if err != nil {
		return Saved{}, err
	}
	for _, made := range kinds() {
		if made.media == pic.media {
			k = made
		}
	}
	out := Saved{Name: cleanName(name, k), MediaType: k.media}
	if out.Content, err = s.keep(ctx, bytes.NewReader(pic.data), int64(len(pic.data))); err != nil {
		return Saved{}, err
	}
	if pic.thumb != nil {
		thumb, err := s.keep(ctx, bytes.NewReader(pic.thumb), int64(len(pic.thumb)))
		if err != nil {
			return Saved{}, err
		}
		out.Thumb = thumb.Hash
	}
	return out, nil
}

func (s *Store) keep(ctx context.Context, r io.Reader, limit int64) (Content, error) {
	draft, err := s.disk.write(r, limit, s.clock.Now())
	if err != nil {
		return Content{}, err
	}
	if err := ctx.Err(); err != nil {
		draft.drop()
		return Content{}, err
	}
	c, err := s.disk.keep(draft, s.clock.Now())
	if err != nil {
		draft.drop()
	}
	return c, err
}

// unread says in the policy's words why a file could not be taken in.
func unread(err error, p Policy) error {
	var tooLong *http.MaxBytesError
	if errors.Is(err, errTooLong) || errors.As(err, &tooLong) {
		return invalid("files.errors.too_large", "max", p.MaxSize>>20)
	}
	return err
}

// Add writes the row of what was saved.
func (s *Store) Add(ctx context.Context, tx db.Tx, m Meta, saved Saved) (File, error) {
	f := File{
		ID: db.NewID(), Hash: saved.Hash, Thumb: saved.Thumb, Name: saved.Name, MediaType: saved.MediaType, Size: saved.Size,
		OwnerKind: m.OwnerKind, OwnerID: m.OwnerID, CreatedBy: m.CreatedBy, CreatedAt: tx.Now(),
	}
	return f, insert(ctx, tx, f)
}

// Open opens the content of a file. The caller closes it.
func (s *Store) Open(f File) (*os.File, error) { return s.disk.open(f.Hash) }

// OpenThumb opens the small picture of a file; errs.NotFound when it has none.
func (s *Store) OpenThumb(f File) (*os.File, error) { return s.disk.open(f.Thumb) }

// Hashes yields every content on disk in order of its hash, for checks.
func (s *Store) Hashes() iter.Seq2[Content, error] { return s.disk.hashes() }
