package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

type house struct {
	*Store
	t     *testing.T
	db    *db.DB
	clock *clock.Fake
	dir   string
}

func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	c := clock.NewFake(noon)
	dbtest.EachAt(t, c, func(t *testing.T, d *db.DB) {
		c.Set(noon)
		dir := filepath.Join(t.TempDir(), "files")
		fn(t, house{New(dir, c), t, d, c, dir})
	})
}

func (h house) put(m Meta, r io.Reader) (f File, err error) {
	err = h.db.Write(h.t.Context(), func(ctx context.Context, tx db.Tx) error {
		f, err = h.Put(ctx, tx, m, r)
		return err
	})
	return f, err
}

func (h house) read(fn func(ctx context.Context, r db.Reader) error) {
	h.t.Helper()
	if err := h.db.Read(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h house) contents() (list []Content) {
	h.t.Helper()
	for c, err := range h.Hashes() {
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// drafts are what lies in the folder of unfinished contents.
func (h house) drafts() int {
	entries, _ := os.ReadDir(filepath.Join(h.dir, incoming))
	return len(entries)
}

func note(owner string) Meta {
	return Meta{Name: "note.txt", OwnerKind: "test.thing", OwnerID: owner, CreatedBy: "u1", Policy: Documents()}
}

func TestWhatIsPutCanBeOpened(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		text := "Réunion du 1er mars"
		f, err := h.put(note("a"), strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		want := File{ID: f.ID, Hash: hex.EncodeToString(sum[:]), Name: "note.txt", MediaType: "text/plain", Size: int64(len(text)),
			OwnerKind: "test.thing", OwnerID: "a", CreatedBy: "u1", CreatedAt: db.At(noon)}
		if f != want {
			t.Errorf("\n got %+v\nwant %+v", f, want)
		}
		h.read(func(ctx context.Context, r db.Reader) error {
			got, err := Get(ctx, r, f.ID)
			if err != nil || got != want {
				t.Errorf("%+v %v", got, err)
			}
			if list, err := Of(ctx, r, "test.thing", "a"); err != nil || len(list) != 1 || list[0] != want {
				t.Errorf("%+v %v", list, err)
			}
			if list, err := Of(ctx, r, "test.thing", "b"); err != nil || len(list) != 0 {
				t.Errorf("%+v %v", list, err)
			}
			if _, err := Get(ctx, r, "unknown"); !errs.Is(err, errs.KindNotFound) {
				t.Error(err)
			}
			return nil
		})
		content, err := h.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if data, err := io.ReadAll(content); err != nil || string(data) != text {
			t.Errorf("%q %v", data, err)
		}
		if _, err := h.OpenThumb(f); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("a text has a picture: %v", err)
		}
		if path := filepath.Join(h.dir, want.Hash[:2], want.Hash[2:4], want.Hash); content.Name() != path {
			t.Errorf("lies at %s", content.Name())
		}
		if info, _ := content.Stat(); info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
	})
}

func TestEqualContentsAreKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		a, err := h.put(note("a"), strings.NewReader("same"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := h.put(note("b"), strings.NewReader("same"))
		if err != nil || a.Hash != b.Hash || a.ID == b.ID {
			t.Errorf("%+v %v", b, err)
		}
		if got := h.contents(); len(got) != 1 || got[0] != (Content{a.Hash, 4}) || h.drafts() != 0 {
			t.Errorf("%v, %d drafts", got, h.drafts())
		}
	})
}

func TestPicturesAreKeptAnewWithASmallOne(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		m := note("a")
		m.Name, m.Policy = "portrait.HTML", Images()
		f, err := h.put(m, bytes.NewReader(asPNG(t, image.NewGray(image.Rect(0, 0, 400, 400)))))
		if err != nil || f.Thumb == f.Hash || len(h.contents()) != 2 || f.Name != "portrait.HTML.png" || f.MediaType != "image/png" || f.Thumb == "" {
			t.Fatalf("%+v %v", f, err)
		}
		thumb, err := h.OpenThumb(f)
		if err != nil {
			t.Fatal(err)
		}
		thumb.Close()
		h.clock.Advance(48 * time.Hour)
		if n, err := h.Sweep(t.Context(), h.db); n != 0 || err != nil {
			t.Errorf("%d swept, %v", n, err)
		}
	})
}

func TestWhatThePolicyDoesNotAcceptLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		small := Documents()
		small.MaxSize = 1000
		texts := Policy{MaxSize: 1000, Types: []string{"text/plain"}}
		for name, test := range map[string]struct {
			policy Policy
			r      io.Reader
			code   string
		}{
			"empty":               {small, strings.NewReader(""), "empty"},
			"one byte too many":   {small, strings.NewReader(strings.Repeat("a", 1001)), "too_large"},
			"image too large":     {small, io.MultiReader(strings.NewReader("\x89PNG\r\n\x1a\n"), strings.NewReader(strings.Repeat("a", 1000))), "too_large"},
			"cut by the edge":     {small, http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(strings.Repeat("a", 5000))), 500), "too_large"},
			"cut later":           {Documents(), http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(strings.Repeat("a", 50000))), 20000), "too_large"},
			"page":                {small, strings.NewReader("<html>"), "type"},
			"drawing with script": {small, strings.NewReader("<svg onload=alert(1)>"), "type"},
			"known, unwanted":     {texts, strings.NewReader("%PDF-1.7"), "type"},
			"image, unwanted":     {texts, bytes.NewReader(asPNG(t, drawing())), "type"},
			"broken image":        {small, strings.NewReader("\xff\xd8\xff\xe0"), "broken_image"},
		} {
			dbtest.Unchanged(t, h.db, func() {
				m := note("a")
				m.Policy = test.policy
				_, err := h.put(m, test.r)
				fields := errs.FieldsOf(err)
				if !errs.Is(err, errs.KindInvalid) || len(fields) != 1 || fields[0].Name != "file" || fields[0].Code != "files.errors."+test.code {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		if len(h.contents()) != 0 || h.drafts() != 0 {
			t.Errorf("%v, %d drafts", h.contents(), h.drafts())
		}
		m := note("a")
		m.Policy = small
		if _, err := h.put(m, strings.NewReader(strings.Repeat("a", 1000))); err != nil {
			t.Errorf("exactly the limit: %v", err)
		}
	})
}

func TestASenderWhoStopsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		gone := errors.New("connection lost")
		for name, r := range map[string]io.Reader{
			"at once": iotest.ErrReader(gone),
			"midway":  io.MultiReader(strings.NewReader(strings.Repeat("a", 50_000)), iotest.ErrReader(gone)),
			"picture": io.MultiReader(bytes.NewReader(asPNG(t, drawing())[:50]), iotest.ErrReader(gone)),
		} {
			if _, err := h.put(note("a"), r); !errors.Is(err, gone) {
				t.Errorf("%s: %v", name, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.Save(ctx, Documents(), "a.txt", strings.NewReader("text")); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if len(h.contents()) != 0 || h.drafts() != 0 {
			t.Errorf("%v, %d drafts", h.contents(), h.drafts())
		}
	})
}

func TestSweepTakesOnlyWhatIsOldAndUnspokenOf(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		sweep := func(want int) {
			t.Helper()
			if n, err := h.Sweep(t.Context(), h.db); n != want || err != nil {
				t.Errorf("%d swept, want %d: %v", n, want, err)
			}
		}
		sweep(0) // no folder yet
		kept, err := h.put(note("a"), strings.NewReader("kept"))
		if err != nil {
			t.Fatal(err)
		}
		shared, err := h.put(note("a"), strings.NewReader("shared"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.put(note("b"), strings.NewReader("shared")); err != nil {
			t.Fatal(err)
		}
		boom := errors.New("boom")
		err = h.db.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if _, err := h.Put(ctx, tx, note("a"), strings.NewReader("rolled back")); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || len(h.contents()) != 3 {
			t.Fatal(err, h.contents())
		}
		draft, err := h.disk.write(strings.NewReader("killed"), 100, noon)
		if err != nil {
			t.Fatal(err)
		}
		draft.f.Close()

		h.clock.Advance(24 * time.Hour)
		sweep(0)
		if h.drafts() != 1 {
			t.Error("a draft of a day was swept")
		}
		h.clock.Advance(time.Second)
		sweep(1)
		if len(h.contents()) != 2 || h.drafts() != 0 {
			t.Errorf("%v, %d drafts", h.contents(), h.drafts())
		}

		err = h.db.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return errors.Join(Delete(ctx, tx, kept.ID), DeleteOf(ctx, tx, "test.thing", "b"), Delete(ctx, tx, "unknown"))
		})
		if err != nil {
			t.Fatal(err)
		}
		sweep(1)
		if got := h.contents(); len(got) != 1 || got[0].Hash != shared.Hash {
			t.Errorf("%v", got)
		}
	})
}

func TestAContentBroughtAgainIsYoungAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		if _, err := h.Save(t.Context(), Documents(), "a.txt", strings.NewReader("twice")); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(30 * time.Hour)
		saved, err := h.Save(t.Context(), Documents(), "a.txt", strings.NewReader("twice"))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := h.Sweep(t.Context(), h.db); n != 0 || err != nil {
			t.Errorf("%d swept, %v", n, err)
		}
		if gone, err := h.disk.remove(saved.Hash, noon.Add(time.Hour)); gone || err != nil {
			t.Errorf("removed although it was renewed: %v", err)
		}
	})
}

func TestCheckFindsEveryKindOfDamage(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		var files []File
		for _, text := range []string{"sound", "missing", "longer", "altered"} {
			f, err := h.put(note("a"), strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		m := note("a")
		m.Policy = Images()
		big := withSecrets(asJPEG(t, drawing()), binary.BigEndian, 1)
		if _, err := h.put(m, bytes.NewReader(big)); err != nil {
			t.Fatal(err)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(os.Remove(h.disk.path(files[1].Hash)))
		must(os.WriteFile(h.disk.path(files[2].Hash), []byte("longer than before"), 0o600))
		must(os.WriteFile(h.disk.path(files[3].Hash), []byte("Altered"), 0o600))
		for deep, want := range map[bool][]Problem{
			false: {{files[1].ID, files[1].Hash, "missing"}, {files[2].ID, files[2].Hash, "size"}},
			true:  {{files[1].ID, files[1].Hash, "missing"}, {files[2].ID, files[2].Hash, "size"}, {files[3].ID, files[3].Hash, "hash"}},
		} {
			h.read(func(ctx context.Context, r db.Reader) error {
				got, err := h.Check(ctx, r, deep)
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("deep %v:\n got %v\nwant %v", deep, got, want)
				}
				return err
			})
		}
		// Bringing the right bytes again heals.
		if _, err := h.put(note("a"), strings.NewReader("altered")); err != nil {
			t.Fatal(err)
		}
		h.read(func(ctx context.Context, r db.Reader) error {
			if got, err := h.Check(ctx, r, true); len(got) != 2 {
				t.Errorf("%v %v", got, err)
			}
			return nil
		})
	})
}

func TestStrangersInTheFolderAreLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		f, err := h.put(note("a"), strings.NewReader("ours"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"README", "ab/cd/notes.txt", f.Hash, "ff/ff/" + f.Hash, ".hidden"} {
			path := filepath.Join(h.dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("theirs"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		h.clock.Advance(90 * 24 * time.Hour)
		if n, err := h.Sweep(t.Context(), h.db); n != 0 || err != nil || len(h.contents()) != 1 {
			t.Errorf("%d swept, %v, %v", n, err, h.contents())
		}
		if _, err := os.Stat(filepath.Join(h.dir, "README")); err != nil {
			t.Error(err)
		}
	})
}

func TestNoHashLeavesTheFolder(t *testing.T) {
	s := New(t.TempDir(), clock.NewFake(noon))
	for _, hash := range []string{"", "..", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 63), "/" + strings.Repeat("a", 63)} {
		if f, err := s.Open(File{Hash: hash}); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("%q: %v %v", hash, f, err)
		}
	}
	if _, err := s.Open(File{Hash: strings.Repeat("a", 64)}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing content: %v", err)
	}
}

func TestManyBringTheSameContentAtOnceWhileItIsSwept(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for j := range 5 {
					saved, err := h.Save(t.Context(), Documents(), "a.txt", strings.NewReader(fmt.Sprintf("content %d", j)))
					if err == nil {
						err = h.db.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
							_, err := h.Add(ctx, tx, note(fmt.Sprint(i)), saved)
							return err
						})
					}
					if err != nil {
						t.Error(err)
					}
					if i%4 == 0 {
						if _, err := h.Sweep(t.Context(), h.db); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if len(h.contents()) != 5 || h.drafts() != 0 {
			t.Errorf("%v, %d drafts", h.contents(), h.drafts())
		}
		h.read(func(ctx context.Context, r db.Reader) error {
			if found, err := h.Check(ctx, r, true); err != nil || len(found) != 0 {
				t.Errorf("%v %v", found, err)
			}
			return nil
		})
	})
}

// T-F03: whatever it is, it arrives as an attachment in a sandbox.
func TestServedFilesNeverRun(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		polyglots := map[string]string{
			"gif with script": "", "page named png": "", "text": "hello",
			"pdf with script": "%PDF-1.7\n<script>alert(1)</script>",
			"zip as page":     "PK\x03\x04<html><script>alert(1)</script>",
			"csv with page":   "a;b\n<script>alert(1)</script>;c",
		}
		for name, text := range polyglots {
			m := note("a")
			m.Name = "évil\"; x=\r\n\"<script>.html"
			r := io.Reader(strings.NewReader(text))
			if text == "" {
				r = io.MultiReader(bytes.NewReader(asPNG(t, drawing())), strings.NewReader("<script>alert(1)</script>"))
			}
			f, err := h.put(m, r)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for what, serve := range map[string]func(http.ResponseWriter, *http.Request, File) error{"file": h.Serve, "thumb": h.ServeThumb} {
				w := httptest.NewRecorder()
				w.Header().Set("Content-Security-Policy", "default-src 'self'") // the edge's own, weaker
				err := serve(w, httptest.NewRequest("GET", "/", nil), f)
				if what == "thumb" && f.Thumb == "" {
					if !errs.Is(err, errs.KindNotFound) {
						t.Errorf("%s: %v", name, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				head := w.Header()
				csp := head.Values("Content-Security-Policy")
				if len(csp) != 1 || !strings.Contains(csp[0], "default-src 'none'") || !strings.HasSuffix(csp[0], "sandbox") {
					t.Errorf("%s: %v", name, csp)
				}
				if d := head.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; ") || strings.ContainsAny(d, "\r\n<>") {
					t.Errorf("%s: %q", name, d)
				}
				if head.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(head.Get("Content-Type"), "html") || strings.Contains(head.Get("Content-Type"), "svg") {
					t.Errorf("%s: %v", name, head)
				}
				if strings.HasPrefix(f.MediaType, "image/") && bytes.Contains(w.Body.Bytes(), []byte("<script>")) {
					t.Errorf("%s: the %s still carries the script", name, what)
				}
			}
		}
	})
}

func TestServeKnowsWhatTheReaderHas(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		f, err := h.put(note("a"), strings.NewReader("0123456789"))
		if err != nil {
			t.Fatal(err)
		}
		ask := func(name, value string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set(name, value)
			w := httptest.NewRecorder()
			if err := h.Serve(w, r, f); err != nil {
				t.Fatal(err)
			}
			return w
		}
		if w := ask("If-None-Match", `"`+f.Hash+`"`); w.Code != 304 || w.Body.Len() != 0 {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		if w := ask("Range", "bytes=2-4"); w.Code != 206 || w.Body.String() != "234" {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		if w := ask("Accept", "*/*"); w.Code != 200 || w.Body.String() != "0123456789" || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		f.Hash = strings.Repeat("0", 64)
		if err := h.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), f); err == nil {
			t.Error("a missing content was served")
		}
	})
}

func TestDispositionWritesAnyName(t *testing.T) {
	for name, want := range map[string]string{
		"a.pdf":              `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`,
		"Été 1.pdf":          `attachment; filename="_t_ 1.pdf"; filename*=UTF-8''%C3%89t%C3%A9%201.pdf`,
		"a\"b\\c%/d.txt":     `attachment; filename="a_b_c__d.txt"; filename*=UTF-8''a%22b%5Cc%25%2Fd.txt`,
		"x\r\nSet-Cookie: y": `attachment; filename="xSet-Cookie: y"; filename*=UTF-8''xSet-Cookie%3A%20y`,
		"報告.docx":            `attachment; filename="__.docx"; filename*=UTF-8''%E5%A0%B1%E5%91%8A.docx`,
	} {
		if got := Disposition(name); got != want {
			t.Errorf("%q:\n got %s\nwant %s", name, got, want)
		}
	}
}
