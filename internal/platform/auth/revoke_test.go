package auth_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// channels are the ways in which somebody may still be acting when his rights
// change. Each tells whether it still works, with the right to write.
type channels struct {
	h     *house
	b     *browser
	actor auth.Actor // of a live feed or a running export that began before
	token string
	user  auth.User
}

func openChannels(t *testing.T, h *house) *channels {
	t.Helper()
	c := &channels{h: h, b: h.browser("192.0.2.1").enter("lea@example.org"), user: h.user("lea@example.org")}
	c.actor = c.b.actor()
	ok(t, c.b.request(func(r *http.Request, v auth.Visit) error {
		var err error
		_, c.token, err = h.auth.CreateToken(r.Context(), auth.NewToken{Name: "Report", Scopes: []string{"read", "write"}, Life: time.Hour * 24 * 90}, v)
		return err
	}))
	for name, open := range c.open() {
		if !open {
			t.Fatalf("channel %s is shut from the start", name)
		}
	}
	return c
}

func (c *channels) open() map[string]bool {
	recheck, err := c.h.auth.Recheck(ctx(), c.actor)
	if err != nil {
		recheck = auth.Actor{}
	}
	token, err := c.h.auth.ResolveToken(ctx(), c.token, auth.Visit{})
	if err != nil {
		token = auth.Actor{}
	}
	feed, err := c.h.auth.Recheck(ctx(), token)
	if err != nil {
		feed = auth.Actor{}
	}
	job := auth.Actor{}
	if jc, err := c.h.auth.ActFor(ctx(), c.user.ID); err == nil {
		job = auth.From(jc)
	}
	return map[string]bool{
		"session": c.b.actor().Can("deals.write"), "live feed": recheck.Can("deals.write"), "token": token.Can("deals.write"),
		"feed by token": feed.Can("deals.write"), "job": job.Can("deals.write"),
	}
}

// T-A04: rights are evaluated at use, in every channel, at the very next use.
func TestWhatIsTakenAwayIsGoneAtTheNextRequest(t *testing.T) {
	for _, c := range []struct {
		name   string
		take   func(t *testing.T, h *house, c *channels)
		leaves []string // what lives on, because it was not what was taken away
	}{
		{"role removed", func(t *testing.T, h *house, c *channels) {
			ok(t, h.auth.SetRoles(system(), c.user.ID, []auth.Role{"marketer"}))
		}, nil},
		{"disabled", func(t *testing.T, h *house, c *channels) { ok(t, h.auth.Disable(system(), c.user.ID)) }, nil},
		{"expired", func(t *testing.T, h *house, c *channels) {
			ok(t, h.auth.SetExpiry(system(), c.user.ID, h.clock.Now().Add(time.Minute)))
			for name, open := range c.open() {
				if !open && name != "live feed" { // its session has renewed its token with the change of rights
					t.Errorf("%s is shut too early", name)
				}
			}
			h.clock.Advance(time.Minute)
		}, nil},
		{"password reset", func(t *testing.T, h *house, c *channels) {
			ok(t, h.sendReset(c.user.Email))
			ok(t, h.auth.ResetPassword(ctx(), h.box.last(t, "reset").token(), "une autre phrase de passe", auth.Visit{}))
		}, []string{"job"}},
		{"second factor demanded", func(t *testing.T, h *house, c *channels) {
			ok(t, h.auth.DemandFactor(system(), []auth.Role{"salesperson"}))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				ch := openChannels(t, h)
				c.take(t, h, ch)
				for name, open := range ch.open() {
					lives := len(c.leaves) > 0 && c.leaves[0] == name
					if open != lives {
						t.Errorf("%s: open is %v, want %v", name, open, lives)
					}
				}
			})
		})
	}
}

func TestARevokedOrExpiredTokenIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := openChannels(t, h)
		var id string
		ok(t, c.b.request(func(r *http.Request, v auth.Visit) error {
			list, err := h.auth.MyTokens(r.Context())
			ok(t, err)
			if len(list) != 1 || list[0].Name != "Report" || len(list[0].Hint) != 10 || c.token[:10] != list[0].Hint || list[0].UsedAt.IsZero() {
				t.Fatalf("tokens %+v", list)
			}
			id = list[0].ID
			return nil
		}))
		other := h.browser("192.0.2.2").enter("admin@example.org")
		h.person("max@example.org", "marketer")
		max := h.browser("192.0.2.3").enter("max@example.org")
		ok(t, max.request(func(r *http.Request, v auth.Visit) error {
			kind(t, h.auth.RevokeToken(r.Context(), id, v), errs.KindNotFound)
			return nil
		}))
		if !c.open()["token"] {
			t.Fatal("somebody else's try ended the token")
		}
		ok(t, other.request(func(r *http.Request, v auth.Visit) error { return h.auth.RevokeToken(r.Context(), id, v) }))
		if c.open()["token"] || c.open()["feed by token"] {
			t.Error("a revoked token works")
		}
		_, plain, err := h.auth.CreateTokenFor(system(), c.user.ID, auth.NewToken{Name: "x", Scopes: []string{"read"}, Life: time.Hour})
		ok(t, err)
		a, err := h.auth.ResolveToken(ctx(), plain, auth.Visit{})
		ok(t, err)
		if !a.Can("deals.read") || a.Can("deals.write") || a.Kind != auth.Token || a.TokenID == "" {
			t.Errorf("a token of scope read may %+v", a)
		}
		h.clock.Advance(time.Hour)
		_, err = h.auth.ResolveToken(ctx(), plain, auth.Visit{})
		kind(t, err, errs.KindUnauthenticated)
		for _, bad := range []string{"", "uns_", "uns_x", plain[4:], plain + "x", "Bearer " + plain} {
			_, err := h.auth.ResolveToken(ctx(), bad, auth.Visit{})
			kind(t, err, errs.KindUnauthenticated)
		}
	})
}

// From where an administrator works is his own: neither what a person reads
// about himself nor what is left of who was erased tells it.
func TestALineOfTheLogTellsFromWhereOnlyToWhoActed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		held := func(id string) (out auth.Held) {
			ok(t, h.db.Read(ctx(), func(ctx context.Context, r db.Reader) (err error) {
				out, err = h.auth.Held(ctx, r, id)
				return err
			}))
			return out
		}
		lea := h.user("lea@example.org")
		h.browser("192.0.2.1").enter("lea@example.org")
		key, _, err := h.auth.CreateTokenFor(system(), lea.ID, auth.NewToken{Name: "Marqueur", Scopes: []string{"read"}, Life: time.Hour})
		ok(t, err)
		boss := h.browser("198.51.100.9")
		boss.agent = "Bossfox/9"
		boss.enter("admin@example.org")
		ok(t, boss.request(func(r *http.Request, v auth.Visit) error { return h.auth.RevokeToken(r.Context(), key.ID, v) }))
		told, own := false, false
		for _, e := range held(lea.ID).Log {
			told = told || e.Kind == auth.LogTokenRevoked && e.ByOther && e.Detail == "Marqueur"
			own = own || e.Kind == auth.LogSignedIn && e.IP == "192.0.2.1" && e.UserAgent == "Testfox/1.0"
			if e.ByOther && e.IP+e.UserAgent != "" {
				t.Errorf("the export tells from where somebody else acted: %+v", e)
			}
		}
		if !told || !own {
			t.Errorf("what was done to him is missing, or from where he signed in himself: %+v", held(lea.ID).Log)
		}
		h.person("second@example.org", auth.Administrator)
		ok(t, h.db.Write(system(), func(ctx context.Context, tx db.Tx) error { return h.auth.Forget(ctx, tx, h.admin.ID) }))
		for _, e := range held(lea.ID).Log {
			if e.ByOther && e.Detail != "" {
				t.Errorf("what the erased administrator wrote is still there: %+v", e)
			}
		}
	})
}

func TestMakingATokenNeedsAFreshProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		h.clock.Advance(16 * time.Minute)
		n := auth.NewToken{Name: "Report", Scopes: []string{"read"}, Life: time.Hour}
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			_, _, err := h.auth.CreateToken(r.Context(), n, v)
			kind(t, err, errs.KindForbidden)
			_, err = h.auth.StartFactor(r.Context())
			kind(t, err, errs.KindForbidden)
			field(t, h.auth.Prove(r.Context(), "not it", v), "password", "auth.error.password_wrong")
			if h.auth.Fresh(r.Context()) {
				t.Error("a wrong password proves something")
			}
			ok(t, h.auth.Prove(r.Context(), goodPassword, v))
			_, _, err = h.auth.CreateToken(r.Context(), n, v)
			return err
		}))
		_, _, err := h.auth.CreateToken(h.as(h.user("lea@example.org")), n, auth.Visit{})
		kind(t, err, errs.KindForbidden)
		_, _, err = h.auth.CreateToken(ctx(), n, auth.Visit{})
		kind(t, err, errs.KindUnauthenticated)
		_, _, err = h.auth.CreateTokenFor(h.as(h.admin), h.admin.ID, n)
		kind(t, err, errs.KindForbidden)
		for _, c := range []struct {
			change      func(n *auth.NewToken)
			field, code string
		}{
			{func(n *auth.NewToken) { n.Name = " " }, "name", "errors.required"},
			{func(n *auth.NewToken) { n.Name = "a\u2028b\u0000" }, "name", "errors.too_long"},
			{func(n *auth.NewToken) { n.Scopes = nil }, "scopes", "auth.error.scope_needed"},
			{func(n *auth.NewToken) { n.Scopes = []string{"root"} }, "scopes", "auth.error.scope_unknown"},
			{func(n *auth.NewToken) { n.Life = 367 * 24 * time.Hour }, "life", "auth.error.token_life"},
		} {
			bad := n
			c.change(&bad)
			_, _, err := h.auth.CreateTokenFor(system(), h.admin.ID, bad)
			field(t, err, c.field, c.code)
		}
	})
}
