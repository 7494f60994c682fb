package access

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// visit tells where a request comes from.
func (p *Pages) visit(r *http.Request) auth.Visit {
	return p.Auth.VisitFrom(r, web.ClientIP(r.Context()))
}

// local is a path on our host to go on to; anything else is the way to Today.
func local(next string) string {
	if next == "" {
		return "/"
	}
	return web.LocalPath(next)
}

// withNext adds where to go on to, unless that is Today.
func withNext(path, next string) string {
	if next = local(next); next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

// refusal is what a form of the door says of an error: fields marked, or a
// sentence above. Anything that is not about the form is for the edge.
type refusal struct {
	status int
	fields ui.Errors
	wait   time.Duration // too many tries: how long to wait
	code   string        // message key of a sentence above the form
}

func refuse(w http.ResponseWriter, r *http.Request, err error) (refusal, error) {
	d := errs.Detail(err)
	switch errs.KindOf(err) {
	case errs.KindInvalid:
		return refusal{status: http.StatusUnprocessableEntity, fields: ui.ErrorsOf(r.Context(), err)}, nil
	case errs.KindThrottled:
		w.Header().Set("Retry-After", strconv.Itoa(int(d.RetryAfter.Seconds())+1))
		return refusal{status: http.StatusTooManyRequests, wait: d.RetryAfter}, nil
	case errs.KindConflict, errs.KindForbidden, errs.KindUnavailable:
		if d.Code != "" {
			return refusal{status: web.Status(d.Kind), code: d.Code}, nil
		}
	}
	return refusal{}, err
}

type nextForm struct {
	Next string `form:"next"`
}

func (p *Pages) signInPage(w http.ResponseWriter, r *http.Request) error {
	var f nextForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if auth.From(r.Context()).Known() {
		return web.Redirect(w, r, local(f.Next))
	}
	if p.Setup != nil {
		open, err := p.Setup(r.Context())
		if err != nil {
			return err
		}
		if open {
			return web.Redirect(w, r, "/set-up")
		}
	}
	return p.showSignIn(w, r, signInForm{Next: f.Next}, refusal{status: http.StatusOK})
}

type signInForm struct {
	Email    string `form:"email"`
	Password string `form:"password,raw"`
	Stay     bool   `form:"stay"`
	Next     string `form:"next"`
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request, f signInForm, why refusal) error {
	v := signInView{form: f, why: why, company: p.Auth.HasOIDC()}
	v.form.Next = local(f.Next)
	if p.Organisation != nil {
		v.organisation = p.Organisation(r.Context())
	}
	if p.Personas != nil {
		var err error
		if v.personas, err = p.Personas(r.Context()); err != nil {
			return err
		}
	}
	return web.Render(w, r, why.status, signInPage(v))
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	var f signInForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	step, err := p.Auth.SignIn(r.Context(), auth.Credentials{Email: f.Email, Password: f.Password, Stay: f.Stay, Next: local(f.Next)}, p.visit(r))
	if err != nil {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return p.showSignIn(w, r, f, why)
	}
	return p.goOn(w, r, step, f.Next)
}

// goOn leads to the next step of signing in, or to where one wanted to go.
func (p *Pages) goOn(w http.ResponseWriter, r *http.Request, step auth.Step, next string) error {
	switch step {
	case auth.StepFactor:
		return web.Redirect(w, r, "/sign-in/second-factor")
	case auth.StepEnrol:
		return web.Redirect(w, r, "/sign-in/set-up")
	}
	return web.Redirect(w, r, local(next))
}

type personaForm struct {
	Persona string `form:"persona"`
}

func (p *Pages) signInPersona(w http.ResponseWriter, r *http.Request) error {
	var f personaForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	offered, err := p.Personas(r.Context())
	if err != nil {
		return err
	}
	for _, o := range offered {
		if o.Value == f.Persona {
			if err := p.Auth.SignInPersona(r.Context(), f.Persona, p.visit(r)); err != nil {
				return err
			}
			return web.Redirect(w, r, "/")
		}
	}
	return errs.NotFound("persona")
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.Auth.SignOut(r.Context(), p.visit(r)); err != nil {
		return err
	}
	return web.Redirect(w, r, "/sign-in")
}

// goesThere tells whether somebody goes to this page himself, in a window of his
// own, as far as the browser says: what a page asks for as an image, in a frame or
// ahead of time is neither counted against his address nor ends what is under way.
func goesThere(r *http.Request) bool {
	mode, dest := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return (mode == "" || mode == "navigate") && (dest == "" || dest == "document") && !strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch")
}

// leaveToCompany goes to the company's own sign-in page, which is on another
// host: it is a link, because a form of ours may not lead there.
func (p *Pages) leaveToCompany(w http.ResponseWriter, r *http.Request) error {
	if !goesThere(r) {
		return errs.Forbidden("errors.cross_site")
	}
	var f nextForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	to, cookie, err := p.Auth.StartOIDC(r.Context(), local(f.Next), p.visit(r))
	if err != nil {
		return p.companyRefused(w, r, err)
	}
	http.SetCookie(w, cookie)
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

func (p *Pages) backFromCompany(w http.ResponseWriter, r *http.Request) error {
	if !goesThere(r) {
		return errs.Forbidden("errors.cross_site")
	}
	http.SetCookie(w, p.Auth.EndOIDC())
	step, next, err := p.Auth.FinishOIDC(r, p.visit(r))
	if err != nil {
		return p.companyRefused(w, r, err)
	}
	return p.goOn(w, r, step, next)
}

// companyRefused says the same to everybody; the reason stands in the log of
// whoever runs the program.
func (p *Pages) companyRefused(w http.ResponseWriter, r *http.Request, refused error) error {
	why, err := refuse(w, r, refused)
	if err != nil {
		return err
	}
	log := p.Log
	if log == nil {
		log = slog.Default()
	}
	log.WarnContext(r.Context(), "company sign-in refused", "request", web.RequestID(r.Context()), "error", refused.Error())
	return p.showSignIn(w, r, signInForm{}, why)
}

func (p *Pages) forgotPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, forgotPage("", refusal{}))
}

type forgotForm struct {
	Email string `form:"email"`
}

func (p *Pages) forgot(w http.ResponseWriter, r *http.Request) error {
	var f forgotForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	ctx := r.Context()
	err := p.askReset(ctx, f.Email, p.visit(r))
	if err != nil {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return web.Render(w, r, why.status, forgotPage(f.Email, why))
	}
	return web.Render(w, r, http.StatusOK, forgotSentPage(f.Email))
}

// askReset puts the same job into the queue whether or not there is an account.
func (p *Pages) askReset(ctx context.Context, email string, v auth.Visit) error {
	if email == "" {
		return errs.Invalid(errs.Field{Name: "email", Code: "errors.required"})
	}
	id, err := p.Auth.AskReset(ctx, email, v)
	if err != nil {
		return err
	}
	return p.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := jobs.Insert(ctx, tx, resetJob{UserID: id}, jobs.Opts{})
		return err
	})
}
