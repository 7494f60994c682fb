package access

import (
	"net/http"
	"slices"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/web"
)

// securityView is what the page of one's account safety shows.
type securityView struct {
	fresh    bool // has proved who he is within a quarter of an hour
	user     auth.User
	left     int // recovery codes that still work
	sessions []auth.OpenSession
	keys     []auth.APIToken
	log      []auth.LogEntry
	scopes   []string
	now      time.Time
	form     string // which form why speaks of: prove, password, key
	why      refusal
	key      keyForm // as typed
}

func (p *Pages) securityPage(w http.ResponseWriter, r *http.Request) error {
	return p.showSecurity(w, r, securityView{why: refusal{status: http.StatusOK}})
}

// showSecurity fills v with what stands and shows it.
func (p *Pages) showSecurity(w http.ResponseWriter, r *http.Request, v securityView) error {
	ctx := r.Context()
	me := auth.From(ctx).UserID
	v.fresh, v.now, v.scopes = p.Auth.Fresh(ctx), p.DB.Clock().Now(), p.Auth.Policy().Scopes()
	if len(v.key.Scopes) == 0 && v.form != "key" {
		v.key = keyForm{Scopes: []string{"read"}, Days: 90}
	}
	var err error
	if v.user, err = p.Auth.User(ctx, me); err != nil {
		return err
	}
	if v.left, err = p.Auth.RecoveryLeft(ctx); err != nil {
		return err
	}
	if v.sessions, err = p.Auth.MySessions(ctx); err != nil {
		return err
	}
	if v.keys, err = p.Auth.MyTokens(ctx); err != nil {
		return err
	}
	// What ended is of interest for a while, not for ever.
	v.keys = slices.DeleteFunc(v.keys, func(t auth.APIToken) bool {
		end := max(t.RevokedAt, 0)
		if end.IsZero() {
			end = t.ExpiresAt
		}
		return v.now.Sub(end.Go()) > 30*24*time.Hour
	})
	if v.log, err = p.Auth.SecurityLog(ctx, auth.LogFilter{UserID: me, Limit: 6}); err != nil {
		return err
	}
	return web.Render(w, r, v.why.status, securityPage(v))
}

// done goes back to the page after an act, or to its prove form when who he is
// was proved too long ago, or shows what is wrong with a form.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, err error, form, toast string) error {
	if err == nil {
		web.Flash(w, r, web.Toast{Key: toast, Icon: "shield-check"})
		return web.Redirect(w, r, "/me/security")
	}
	if unproved(err) {
		web.Flash(w, r, web.Toast{Key: "auth.error.prove_first", Icon: "lock"})
		return web.Redirect(w, r, "/me/security")
	}
	why, err := refuse(w, r, err)
	if err != nil {
		return err
	}
	return p.showSecurity(w, r, securityView{form: form, why: why})
}

func unproved(err error) bool {
	d := errs.Detail(err)
	return d != nil && d.Code == "auth.error.prove_first"
}

func (p *Pages) prove(w http.ResponseWriter, r *http.Request) error {
	var f passwordForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	return p.done(w, r, p.Auth.Prove(r.Context(), f.Password, p.visit(r)), "prove", "access.security.proved")
}

type changeForm struct {
	Current  string `form:"current,raw"`
	Password string `form:"password,raw"`
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	var f changeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	return p.done(w, r, p.Auth.ChangePassword(r.Context(), f.Current, f.Password, p.visit(r)), "password", "access.password.done")
}

func (p *Pages) setUpPage(w http.ResponseWriter, r *http.Request) error {
	return p.showSetUp(w, r, refusal{status: http.StatusOK})
}

func (p *Pages) showSetUp(w http.ResponseWriter, r *http.Request, why refusal) error {
	setup, err := p.Auth.StartFactor(r.Context())
	if err != nil {
		return p.done(w, r, err, "", "")
	}
	return web.Render(w, r, why.status, setUpPage(setup, why))
}

func (p *Pages) setUp(w http.ResponseWriter, r *http.Request) error {
	var f codeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	codes, err := p.Auth.ConfirmFactor(r.Context(), f.Code, p.visit(r))
	if errs.Is(err, errs.KindInvalid) || errs.Is(err, errs.KindThrottled) {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return p.showSetUp(w, r, why)
	}
	if errs.Is(err, errs.KindNotFound) { // the set-up was never begun
		return web.Redirect(w, r, "/me/security/factor")
	}
	if err != nil {
		return p.done(w, r, err, "", "")
	}
	return web.Render(w, r, http.StatusOK, codesPage(codes, true))
}

func (p *Pages) dropFactor(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, p.Auth.DropFactor(r.Context(), p.visit(r)), "", "access.factor.dropped")
}

func (p *Pages) newRecovery(w http.ResponseWriter, r *http.Request) error {
	codes, err := p.Auth.NewRecoveryCodes(r.Context(), p.visit(r))
	if err != nil {
		return p.done(w, r, err, "", "")
	}
	return web.Render(w, r, http.StatusOK, codesPage(codes, false))
}

func (p *Pages) revokeSession(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, p.Auth.RevokeSession(r.Context(), web.Path(r, "id"), p.visit(r)), "", "access.sessions.ended")
}

func (p *Pages) revokeOthers(w http.ResponseWriter, r *http.Request) error {
	_, err := p.Auth.RevokeOtherSessions(r.Context(), p.visit(r))
	return p.done(w, r, err, "", "access.sessions.others_ended")
}

type keyForm struct {
	Name   string   `form:"name"`
	Scopes []string `form:"scopes"`
	Days   int      `form:"life"`
}

func (p *Pages) createKey(w http.ResponseWriter, r *http.Request) error {
	var f keyForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	t, plain, err := p.Auth.CreateToken(r.Context(), auth.NewToken{Name: f.Name, Scopes: f.Scopes, Life: time.Duration(min(f.Days, 10_000)) * 24 * time.Hour}, p.visit(r))
	if errs.Is(err, errs.KindInvalid) {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return p.showSecurity(w, r, securityView{form: "key", why: why, key: f})
	}
	if err != nil {
		return p.done(w, r, err, "", "")
	}
	return web.Render(w, r, http.StatusOK, keyPage(t, plain))
}

func (p *Pages) revokeKey(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, p.Auth.RevokeToken(r.Context(), web.Path(r, "id"), p.visit(r)), "", "access.keys.revoked")
}

type logForm struct {
	Before string `form:"before"`
}

const logLines = 50

func (p *Pages) logPage(w http.ResponseWriter, r *http.Request) error {
	var f logForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	list, err := p.Auth.SecurityLog(r.Context(), auth.LogFilter{UserID: auth.From(r.Context()).UserID, Before: f.Before, Limit: logLines + 1})
	if err != nil {
		return err
	}
	next := ""
	if len(list) > logLines {
		list = list[:logLines]
		next = "/me/security/log?before=" + list[logLines-1].ID
	}
	return web.Render(w, r, http.StatusOK, logPage(list, next, p.DB.Clock().Now()))
}
