package admin

import (
	"net/http"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/web"
)

type mailForm struct {
	Show  string `form:"show"` // "stuck": those that need a decision
	After string `form:"after"`
}

func (f mailForm) address(after string) string {
	return address("/admin/mailbox", "show", f.Show, "after", after)
}

type mailView struct {
	form  mailForm
	list  []mail.Mail
	next  string
	relay bool
}

func (p *Pages) mailbox(w http.ResponseWriter, r *http.Request) error {
	v := mailView{relay: p.Service.Mail.HasRelay()}
	if err := web.Decode(r, &v.form); err != nil {
		return err
	}
	var states []mail.State
	if v.form.Show == "stuck" {
		states = []mail.State{mail.Failed, mail.Uncertain}
	}
	list, more, err := p.Service.Mails(r.Context(), v.form.After, pageOf, states...)
	if err != nil {
		return err
	}
	if v.list = list; more {
		v.next = v.form.address(list[len(list)-1].ID)
	}
	return web.Render(w, r, http.StatusOK, mailboxPage(v, p.Clock.Now()))
}

func (p *Pages) message(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Service.Message(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, messagePage(m, p.Service.Mail.HasRelay(), p.Clock.Now()))
}

// messageHTML is the mail itself, for the frame of its page. It may hold
// anything, so it gets a policy of its own and no origin.
func (p *Pages) messageHTML(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Service.Message(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	if m.HTML == "" {
		return errs.NotFound("html")
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", previewPolicy(m.HTML))
	h.Set("X-Frame-Options", "SAMEORIGIN")
	_, err = w.Write([]byte(m.HTML))
	return err
}

func (p *Pages) retryMail(w http.ResponseWriter, r *http.Request) error {
	return act(w, r, "/admin/mailbox", web.Toast{Key: "admin.mail.toast.retried"}, p.Service.RetryMail)
}
