package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/secret"
)

// InstanceSetting is where the database keeps the name of the installation.
const InstanceSetting = "instance_id"

// Source is the installation to be written.
type Source struct {
	DB      *db.DB
	Files   string // folder of attached files; may be missing
	Keys    *secret.Keys
	Program string // release, for the header

	// Check names the attached files that rows of the snapshot speak of and that
	// are not there, once all others are in the archive. It may be nil.
	Check func(ctx context.Context, r db.Reader) (missing []string, err error)
}

// Result says what an archive holds.
type Result struct {
	Manifest
	Size    int64    // of the archive, in bytes
	Skipped []string // in the folder of files, but none of ours
	Missing []string // what Check named: the archive is whole but for them
}

// Write writes an archive while others go on working.
func Write(ctx context.Context, out io.Writer, s Source) (Result, error) {
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(out, sum)}
	gz, err := gzip.NewWriterLevel(counted, gzip.BestSpeed)
	if err != nil {
		return Result{}, err
	}
	w := &writer{tw: tar.NewWriter(gz), Source: s}
	err = s.DB.Snapshot(ctx, func(ctx context.Context, r db.Reader) error { return w.all(ctx, r) })
	if err == nil {
		err = errors.Join(w.tw.Close(), gz.Close())
	}
	if err != nil {
		return Result{}, fmt.Errorf("backup: %w", err)
	}
	n, err := out.Write(seal(sum.Sum(nil), s.Keys))
	if err != nil {
		return Result{}, fmt.Errorf("backup: %w", err)
	}
	return Result{Manifest: w.m, Size: counted.n + int64(n), Skipped: w.skipped, Missing: w.missing}, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

type writer struct {
	Source
	tw      *tar.Writer
	m       Manifest
	skipped []string
	missing []string
}

func (w *writer) all(ctx context.Context, r db.Reader) error {
	tables, err := db.Tables(ctx, r)
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, r)
	if err != nil {
		return err
	}
	instance, err := db.Setting(ctx, r, InstanceSetting)
	if err != nil {
		return err
	}
	w.m.Header = Header{Format: Format, Program: w.Program, Schema: version, Engine: string(r.Engine()),
		CreatedAt: w.DB.Clock().Now().UTC().Truncate(time.Microsecond), Instance: instance, Key: w.Keys.Fingerprint()}
	if w.m.Tables, err = describe(tables); err != nil {
		return err
	}
	if err := w.document(headerName, w.m.Header); err != nil {
		return err
	}
	for i := range w.m.Tables {
		if err := w.table(ctx, r, &w.m.Tables[i], tables[i]); err != nil {
			return err
		}
	}
	if err := w.files(ctx); err != nil {
		return err
	}
	if w.Check != nil {
		if w.missing, err = w.Check(ctx, r); err != nil {
			return err
		}
	}
	return w.document(manifestName, w.m)
}

func describe(tables []db.Table) ([]Table, error) {
	out := make([]Table, len(tables))
	for i, t := range tables {
		out[i].Name = t.Name
		for _, c := range t.Columns {
			if !portable(c.Type) || !identifier.MatchString(c.Name) || !identifier.MatchString(t.Name) {
				return nil, fmt.Errorf("column %s.%s is of type %q: an archive that fits both engines cannot keep it", t.Name, c.Name, c.Type)
			}
			out[i].Columns = append(out[i].Columns, Column(c))
		}
	}
	return out, nil
}

func (w *writer) document(name string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return w.entry(name, append(data, '\n'))
}

func (w *writer) entry(name string, data []byte) error {
	if err := w.head(name, int64(len(data))); err != nil {
		return err
	}
	_, err := w.tw.Write(data)
	return err
}

func (w *writer) head(name string, size int64) error {
	return w.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.m.CreatedAt.Truncate(time.Second)})
}

// table writes the parts of one table and fills in what the manifest says of it.
func (w *writer) table(ctx context.Context, r db.Reader, t *Table, source db.Table) error {
	var part []byte
	sum := sha256.New()
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		t.Parts++
		sum.Write(part)
		err := w.entry(fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, t.Name, t.Parts), part)
		part = part[:0]
		return err
	}
	err := db.EachRow(ctx, r, source, func(values []any) error {
		var err error
		if part, err = appendRow(part, t.Columns, values); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		t.Rows++
		if len(part) >= maxPart {
			return fmt.Errorf("table %s: one row is larger than %d bytes", t.Name, maxPart)
		}
		if len(part) >= partSize {
			return flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	t.SHA256 = sumText(sum)
	return nil
}

// files writes the attached files. They are read after the snapshot was taken,
// so that each file that a row speaks of is there already; one more does no
// harm.
func (w *writer) files(ctx context.Context) error {
	if w.Files == "" {
		return nil
	}
	root, err := os.OpenRoot(w.Files)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name != "." && strings.HasPrefix(path.Base(name), "."): // being written, or none of ours
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			return nil
		case !e.Type().IsRegular() || !validPath(name):
			w.skipped = append(w.skipped, name)
			return nil
		}
		err = w.file(root, name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func (w *writer) file(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.head(filesDir+name, st.Size()); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.tw, sum), f, st.Size()); err != nil {
		return fmt.Errorf("file %s changed while it was read: %w", name, err)
	}
	w.m.Files = append(w.m.Files, File{Path: name, Size: st.Size(), SHA256: sumText(sum)})
	return nil
}

func sumText(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
