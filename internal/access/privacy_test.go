package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"unisson/internal/access"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

// lived makes an account that has left a trace in every table of the door, and
// gives the secrets that were handed out.
func (s *site) lived() (auth.User, []string) {
	s.t.Helper()
	sys := auth.AsSystem(context.Background())
	u, err := s.auth.UserByEmail(sys, "lea@example.org")
	ok(s.t, err)
	ok(s.t, s.auth.SetPrefs(sys, u.ID, auth.Prefs{Language: "fr", TimeZone: "Indian/Reunion", Theme: "dark", KeysOff: true}))
	_, key, err := s.auth.CreateTokenFor(sys, u.ID, auth.NewToken{Name: "Marqueur clé", Scopes: []string{"read"}, Life: time.Hour})
	ok(s.t, err)
	s.do(200, "POST /forgot", "email", "lea@example.org")
	s.mails()
	s.signIn()
	s.do(303, "POST /me/security/prove", "password", password)
	page := s.do(200, "GET /me/security/factor")
	s.do(200, "POST /me/security/factor", "code", s.appCode(page))
	secrets := []string{key, secretIn.FindStringSubmatch(page.Body)[1]}
	for _, v := range s.cookies {
		if len(v) > 20 {
			secrets = append(secrets, v)
		}
	}
	return u, secrets
}

func (s *site) export(id string) string {
	s.t.Helper()
	var out bytes.Buffer
	ok(s.t, s.db.Read(context.Background(), func(ctx context.Context, r db.Reader) error { return access.Holder(s.auth).Export(ctx, r, id, &out) }))
	return out.String()
}

func (s *site) erase(id string) error {
	return s.db.Write(auth.AsSystem(context.Background()), func(ctx context.Context, tx db.Tx) error { return access.Holder(s.auth).Erase(ctx, tx, id) })
}

func TestTheExportOfAnAccountHoldsAllOfItAndNoSecret(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		u, secrets := s.lived()
		out := s.export(u.ID)
		var held auth.Held
		ok(t, json.Unmarshal([]byte(out), &held))
		if held.Account.Email != u.Email || held.Account.TimeZone != "Indian/Reunion" || !held.Account.Password || held.Account.PasswordAt.IsZero() ||
			len(held.Account.Roles) != 1 || len(held.Sessions) == 0 || len(held.Devices) == 0 || len(held.Keys) != 1 || len(held.Links) == 0 ||
			held.Second == nil || held.Recovery.Left == 0 || len(held.Log) < 4 {
			t.Errorf("something is missing:\n%s", out)
		}
		if len(secrets) < 4 {
			t.Fatalf("only %d secrets were handed out", len(secrets)) // the key, the seed, the session, the device
		}
		for _, secret := range append(secrets, "$argon2", "hash", auth.TokenPrefix) {
			if secret == "" || strings.Contains(out, secret) {
				t.Errorf("%q stands in the export, or was never made", secret)
			}
		}
		for _, l := range strings.Split(dbtest.Dump(t, s.db), "\n") {
			for _, cell := range strings.Fields(l) {
				if len(cell) > 40 && !strings.Contains(cell, "Mozilla") && strings.Contains(out, cell) {
					t.Errorf("a long value of the database stands in the export: %s", cell)
				}
			}
		}
		if other := s.export(s.admin()); strings.Contains(other, u.Email) || strings.Contains(other, "Marqueur") {
			t.Error("the export of one person tells of another")
		}
	})
}

func TestAPersonsLogTellsWhoActedButNotFromWhere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		u, err := s.auth.UserByEmail(auth.AsSystem(t.Context()), "lea@example.org")
		ok(t, err)
		key, _, err := s.auth.CreateTokenFor(auth.AsSystem(t.Context()), u.ID, auth.NewToken{Name: "Marqueur", Scopes: []string{"read"}, Life: time.Hour})
		ok(t, err)
		boss, err := s.auth.ActFor(t.Context(), s.admin())
		ok(t, err)
		ok(t, s.auth.RevokeToken(boss, key.ID, auth.Visit{IP: netip.MustParseAddr("198.51.100.9"), UserAgent: "Bossfox/9"}))
		s.signIn()
		a := s.do(200, "GET /me/security/log")
		has(t, a, "Marqueur", "Ada Min", "192.0.2.1")
		if strings.Contains(a.Body, "198.51.100.9") {
			t.Error("the page tells from where somebody else acted")
		}
	})
}

func (s *site) admin() string {
	s.t.Helper()
	u, err := s.auth.UserByEmail(auth.AsSystem(context.Background()), "admin@example.org")
	ok(s.t, err)
	return u.ID
}

func TestAnErasedAccountIsNobodysAndTheLogStands(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		u, _ := s.lived()
		lines := func() int {
			log, err := s.auth.SecurityLog(auth.AsSystem(context.Background()), auth.LogFilter{UserID: u.ID, Limit: 200})
			ok(t, err)
			return len(log)
		}
		before := lines()
		ok(t, s.erase(u.ID))
		dump := dbtest.Dump(t, s.db, "mails", "jobs") // letters have a holder of their own, which runs before
		for _, trace := range []string{"lea@example.org", "Léa", "Noël", "noel", "Marqueur", "Indian/Reunion", "192.0.2.1", "Firefox"} {
			if strings.Contains(dump, trace) {
				t.Errorf("%s is still found", trace)
			}
		}
		if after := lines(); after != before+1 {
			t.Errorf("%d lines of the log, there were %d", after, before)
		}
		now, err := s.auth.User(auth.AsSystem(context.Background()), u.ID)
		ok(t, err)
		if now.Status != auth.Disabled || len(now.Roles) != 0 || now.HasPassword || now.HasFactor || now.Name() != "N. N." {
			t.Errorf("%+v", now)
		}
		s.leads("/sign-in?next=%2Fme%2Fsecurity", "GET /me/security")
		s.do(422, "POST /sign-in", "email", "lea@example.org", "password", password)
		ok(t, s.erase(u.ID)) // once more does no harm
	})
}

func TestTheLastAdministratorIsNotErased(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		id := s.admin()
		dbtest.Unchanged(t, s.db, func() {
			if err := s.erase(id); !errs.Is(err, errs.KindConflict) {
				t.Errorf("%v", err)
			}
		})
	})
}

func TestEveryTableOfTheDoorWithAPersonInItIsNamed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		u, _ := s.lived()
		named := strings.Join(access.Holder(s.auth).Tables, " ") + " mails jobs"
		for _, table := range dbtest.Tables(t, s.db) {
			var others []string
			for _, other := range dbtest.Tables(t, s.db) {
				if other != table {
					others = append(others, other)
				}
			}
			if strings.Contains(dbtest.Dump(t, s.db, others...), u.ID) && !strings.Contains(" "+named+" ", " "+table+" ") {
				t.Errorf("%s holds the person and is not named", table)
			}
		}
	})
}
