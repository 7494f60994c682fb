package notify

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

const pageOf = 50

type inboxForm struct {
	Show  string `form:"show"`  // "all", or unread only
	After string `form:"after"` // id of the last notice of the page before
}

// address is where this list stands, for the links and forms on it.
func (f inboxForm) address(after string) string {
	q := url.Values{}
	if f.all() {
		q.Set("show", "all")
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

func (f inboxForm) all() bool { return f.Show == "all" }

// day is the notices of one day of the reader.
type day struct {
	at    time.Time
	items []Item
}

type inboxView struct {
	form inboxForm
	days []day
	next string
	now  time.Time
}

func (p *Pages) inbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f inboxForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	list, next, err := p.Service.Inbox(ctx, !f.all(), f.After, pageOf)
	if err != nil {
		return err
	}
	v := inboxView{form: f, next: next, now: p.Clock.Now(), days: byDay(list, i18n.Zone(ctx))}
	return web.Render(w, r, http.StatusOK, inboxPage(p.Service, v))
}

// byDay gathers a list, newest first, by the days of a zone.
func byDay(list []Item, zone *time.Location) []day {
	var days []day
	for _, it := range list {
		at := it.CreatedAt.Go().In(zone)
		y, m, d := at.Date()
		if n := len(days); n > 0 {
			if ly, lm, ld := days[n-1].at.Date(); ly == y && lm == m && ld == d {
				days[n-1].items = append(days[n-1].items, it)
				continue
			}
		}
		days = append(days, day{at: at, items: []Item{it}})
	}
	return days
}

func (p *Pages) open(w http.ResponseWriter, r *http.Request) error {
	it, err := p.Service.Open(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, it.URL)
}

type backForm struct {
	Back string `form:"back"` // the list to return to
}

func (p *Pages) markRead(w http.ResponseWriter, r *http.Request) error   { return p.mark(w, r, true) }
func (p *Pages) markUnread(w http.ResponseWriter, r *http.Request) error { return p.mark(w, r, false) }

func (p *Pages) mark(w http.ResponseWriter, r *http.Request, read bool) error {
	var f backForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	id := web.Path(r, "id")
	if err := p.Service.MarkRead(r.Context(), id, read); err != nil {
		return err
	}
	if read {
		web.Flash(w, r, web.Toast{Key: "notify.toast.read", Undo: "/inbox/" + id + "/unread"})
	}
	return back(w, r, f.Back)
}

// back returns to the list that a form came from.
func back(w http.ResponseWriter, r *http.Request, to string) error {
	if to == "" {
		to = "/inbox"
	}
	return web.Redirect(w, r, to)
}

func (p *Pages) markAllRead(w http.ResponseWriter, r *http.Request) error {
	var f backForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	at, n, err := p.Service.MarkAllRead(r.Context())
	if err != nil {
		return err
	}
	if n > 0 {
		web.Flash(w, r, web.Toast{
			Key: "notify.toast.all_read", Params: map[string]any{"count": n}, Undo: "/inbox/read/" + strconv.FormatInt(int64(at), 10) + "/undo",
		})
	}
	return back(w, r, f.Back)
}

func (p *Pages) undoAllRead(w http.ResponseWriter, r *http.Request) error {
	var f backForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	at, err := strconv.ParseInt(web.Path(r, "at"), 10, 64)
	if err != nil || at <= 0 {
		return errs.NotFound("notice")
	}
	if err := p.Service.UndoAllRead(r.Context(), db.Time(at)); err != nil {
		return err
	}
	return back(w, r, f.Back)
}

type preferencesForm struct {
	Digest     bool   `form:"digest"`
	DigestHour string `form:"digest_hour"`
	DirectMail bool   `form:"direct_mail"`
	Quiet      bool   `form:"quiet"`
	QuietFrom  string `form:"quiet_from"`
	QuietTo    string `form:"quiet_to"`
}

func formOf(p Preferences) preferencesForm {
	return preferencesForm{
		Digest: p.Digest, DigestHour: strconv.Itoa(p.DigestHour), DirectMail: p.DirectMail,
		Quiet: p.Quiet, QuietFrom: clockText(p.QuietFrom), QuietTo: clockText(p.QuietTo),
	}
}

// read gives the preferences of a form; what is no number or time becomes one that Validate refuses.
func (f preferencesForm) read() Preferences {
	hour, err := strconv.Atoi(f.DigestHour)
	if err != nil {
		hour = -1
	}
	return Preferences{
		Digest: f.Digest, DigestHour: hour, DirectMail: f.DirectMail,
		Quiet: f.Quiet, QuietFrom: clockMinutes(f.QuietFrom), QuietTo: clockMinutes(f.QuietTo),
	}
}

// late tells whether the digest waits for the end of the quiet hours, and for when.
func (f preferencesForm) late() (minutes int, late bool) {
	p := f.read()
	if !p.Digest || p.Validate() != nil || !p.quietAt(p.DigestHour*60) {
		return 0, false
	}
	return p.QuietTo, true
}

func (p *Pages) preferences(w http.ResponseWriter, r *http.Request) error {
	prefs, err := p.Service.Preferences(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, settingsPage(formOf(prefs), nil))
}

func (p *Pages) savePreferences(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f preferencesForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	err := p.Service.SavePreferences(ctx, f.read())
	if errs.Is(err, errs.KindInvalid) {
		return web.Render(w, r, http.StatusUnprocessableEntity, settingsPage(f, ui.ErrorsOf(ctx, err)))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "notify.toast.saved"})
	return web.Redirect(w, r, "/me/notifications")
}
