package access

import (
	"net/http"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/web"
)

type codeForm struct {
	Code string `form:"code"`
}

// at sends the reader to the step of signing in where he is, unless that is
// step. It tells whether it did.
func (p *Pages) at(w http.ResponseWriter, r *http.Request, step auth.Step) (bool, error) {
	now, _, err := p.Auth.Pending(r.Context())
	if err != nil || now == step {
		return false, err
	}
	if now == auth.StepDone {
		return true, web.Redirect(w, r, "/sign-in")
	}
	return true, p.goOn(w, r, now, "")
}

func (p *Pages) factorPage(w http.ResponseWriter, r *http.Request) error {
	if gone, err := p.at(w, r, auth.StepFactor); gone || err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, factorPage(refusal{}))
}

func (p *Pages) factor(w http.ResponseWriter, r *http.Request) error {
	return p.checkCode(w, r, factorPage)
}

func (p *Pages) recoveryPage(w http.ResponseWriter, r *http.Request) error {
	if gone, err := p.at(w, r, auth.StepFactor); gone || err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, recoveryPage(refusal{}))
}

func (p *Pages) recovery(w http.ResponseWriter, r *http.Request) error {
	return p.checkCode(w, r, recoveryPage)
}

func (p *Pages) checkCode(w http.ResponseWriter, r *http.Request, page func(refusal) templ.Component) error {
	var f codeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if gone, err := p.at(w, r, auth.StepFactor); gone || err != nil {
		return err
	}
	next := p.Auth.Next(r.Context())
	if err := p.Auth.CheckFactor(r.Context(), f.Code, p.visit(r)); err != nil {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return web.Render(w, r, why.status, page(why))
	}
	return web.Redirect(w, r, local(next))
}

// enrolPage sets a second factor up for who needs one to come in.
func (p *Pages) enrolPage(w http.ResponseWriter, r *http.Request) error {
	return p.showEnrol(w, r, refusal{status: http.StatusOK})
}

func (p *Pages) showEnrol(w http.ResponseWriter, r *http.Request, why refusal) error {
	if gone, err := p.at(w, r, auth.StepEnrol); gone || err != nil {
		return err
	}
	setup, err := p.Auth.StartFactor(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, why.status, enrolPage(setup, why))
}

func (p *Pages) enrol(w http.ResponseWriter, r *http.Request) error {
	var f codeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if gone, err := p.at(w, r, auth.StepEnrol); gone || err != nil {
		return err
	}
	next := p.Auth.Next(r.Context())
	codes, err := p.Auth.ConfirmFactor(r.Context(), f.Code, p.visit(r))
	if err != nil {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return p.showEnrol(w, r, why)
	}
	return web.Render(w, r, http.StatusOK, enrolledPage(codes, local(next)))
}

type passwordForm struct {
	Password string `form:"password,raw"`
}

func (p *Pages) resetPage(w http.ResponseWriter, r *http.Request) error {
	return p.showLink(w, r, "reset", refusal{status: http.StatusOK})
}

func (p *Pages) invitationPage(w http.ResponseWriter, r *http.Request) error {
	return p.showLink(w, r, "invitation", refusal{status: http.StatusOK})
}

// showLink shows the page of a link from a mail, or that it no longer works.
// Looking does not use it up: programs that read mail look first.
func (p *Pages) showLink(w http.ResponseWriter, r *http.Request, purpose string, why refusal) error {
	token := web.Path(r, "token")
	u, err := p.Auth.LinkOwner(r.Context(), purpose, token)
	if errs.Is(err, errs.KindConflict) {
		return web.Render(w, r, http.StatusConflict, deadLinkPage(purpose))
	}
	if err != nil {
		return err
	}
	v := linkView{action: "/" + purpose + "/" + token, email: u.Email, name: u.GivenName, why: why}
	if p.Organisation != nil {
		v.organisation = p.Organisation(r.Context())
	}
	if purpose == "invitation" {
		return web.Render(w, r, why.status, invitationPage(v))
	}
	return web.Render(w, r, why.status, resetPage(v))
}

func (p *Pages) reset(w http.ResponseWriter, r *http.Request) error {
	var f passwordForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if err := p.Auth.ResetPassword(r.Context(), web.Path(r, "token"), f.Password, p.visit(r)); err != nil {
		return p.linkRefused(w, r, "reset", err)
	}
	web.Flash(w, r, web.Toast{Key: "access.reset.done", Icon: "lock"})
	return web.Redirect(w, r, "/sign-in")
}

func (p *Pages) join(w http.ResponseWriter, r *http.Request) error {
	var f passwordForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	step, err := p.Auth.Join(r.Context(), web.Path(r, "token"), f.Password, p.visit(r))
	if err != nil {
		return p.linkRefused(w, r, "invitation", err)
	}
	return p.goOn(w, r, step, "/")
}

func (p *Pages) linkRefused(w http.ResponseWriter, r *http.Request, purpose string, err error) error {
	why, err := refuse(w, r, err)
	if err != nil {
		return err
	}
	return p.showLink(w, r, purpose, why)
}
