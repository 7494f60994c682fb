package api_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

// PostgreSQL keeps no NUL: what holds one is the caller's mistake, not ours.
func TestWhatIsNoTextIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		for body, want := range map[string]int{`{"name":"a\u0000"}`: 400, `{"name":"\\\u0000"}`: 400, `{"\u0000":"a"}`: 400, `{"name":"\\u0000"}`: 200, "{\"name\":\"\xff\"}": 400} {
			for _, key := range []string{"", "key of " + body} {
				if w := post(h, body, strings.ToValidUTF8(key, ""), "write"); w.Code != want {
					t.Errorf("%q with key %q: %d, want %d: %s", body, key, w.Code, want, w.Body)
				}
			}
		}
		for _, path := range []string{"/things?q=%00", "/things?q=%ff", "/%00"} {
			r := httptest.NewRequest("POST", api.Prefix+path, strings.NewReader(`{"name":"a"}`))
			r.Header.Set("Authorization", "Bearer write")
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 400 || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
	for _, key := range []string{"a\x00", "\x00"} {
		if _, err := api.ReadCursor(api.Cursor(key), 1); !errs.Is(err, errs.KindMalformed) {
			t.Errorf("cursor %q: %v", key, err)
		}
	}
}

// The version that a change was made against is part of what was asked.
func TestAKeyIsOneRequestWithItsVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		send := func(version string) int {
			r := httptest.NewRequest("POST", api.Prefix+"/things", strings.NewReader(`{"name":"a"}`))
			r.Header.Set("Authorization", "Bearer write")
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "k")
			r.Header.Set("If-Match", version)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Code
		}
		if a, b, c := send(`"1"`), send(`"1"`), send(`"2"`); a != 200 || b != 200 || c != 409 {
			t.Errorf("first %d, again %d, another version %d", a, b, c)
		}
	})
}

// A key is its person's own: somebody else's answer is never given.
func TestTheSameKeyOfSomebodyElseActsForHim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		mine, his := post(h, `{"name":"a"}`, "k", "write"), post(h, `{"name":"a"}`, "k", "write@u2")
		if mine.Code != 200 || his.Code != 200 || !strings.Contains(mine.Body.String(), `"nth":1`) || !strings.Contains(his.Body.String(), `"nth":2`) {
			t.Errorf("%s and %s", mine.Body, his.Body)
		}
		if w := post(h, `{"name":"a"}`, "k", "read"); w.Code != 403 {
			t.Errorf("a token that may only read is given the kept answer: %d", w.Code)
		}
	})
}

func TestAKeyIsNewAgainAfterADay(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			ck := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, e, ck)
			h := things(t, d)
			for _, c := range []struct {
				later time.Duration
				acted int
			}{{0, 1}, {24 * time.Hour, 1}, {time.Second, 2}, {time.Second, 2}} {
				ck.Advance(c.later)
				if w := post(h, `{"name":"a"}`, "k", "write"); w.Code != 200 || acted(t, d) != c.acted {
					t.Errorf("at %s: %d, acted %d times, want %d", ck.Now(), w.Code, acted(t, d), c.acted)
				}
			}
			ck.Advance(time.Hour)
			err := d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
				n, err := api.Sweep(ctx, tx, tx.Now().Add(-time.Minute))
				if n != 1 {
					t.Errorf("%d answers were swept, want 1", n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A body too large is refused alike with a key and without one.
func TestTooLargeABodyIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		body := `{"name":"` + strings.Repeat("a", 1<<20) + `"}`
		for _, key := range []string{"", "k"} {
			if w := post(h, body, key, "write"); w.Code != 413 {
				t.Errorf("key %q: %d, want 413", key, w.Code)
			}
		}
		if n := acted(t, d); n != 0 {
			t.Errorf("it acted %d times", n)
		}
	})
}
