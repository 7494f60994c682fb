package timeline

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// panelSize is how many touches the block on a customer's page shows.
const panelSize = 12

// streamForm is the address of a stream: its filters and the place in it.
type streamForm struct {
	Voice string `form:"voice"`
	Kind  string `form:"kind"`
	By    string `form:"by"`
	From  string `form:"from"`
	To    string `form:"to"`
	At    string `form:"at"`
}

// streamView is a stream as a page or a panel shows it.
type streamView struct {
	face    customers.Face
	form    streamForm
	page    Page
	authors []Author
	errors  ui.Errors
	now     time.Time
	canLog  bool
	panel   bool
}

func (p *Pages) stream(k customers.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.read(r, k, PageSize)
		if err != nil {
			return err
		}
		if v.authors, err = p.Service.Authors(r.Context(), k, web.Path(r, "id")); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, streamPage(v))
	}
}

// panel is the same stream as a block; without htmx there is the page.
func (p *Pages) panel(k customers.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.read(r, k, panelSize)
		if err != nil {
			return err
		}
		if v.panel = web.IsHTMX(r); !v.panel {
			return web.Redirect(w, r, v.address(v.form))
		}
		return web.Render(w, r, http.StatusOK, streamPanel(v))
	}
}

// read reads a stream as its address asks for it.
func (p *Pages) read(r *http.Request, k customers.Kind, limit int) (streamView, error) {
	ctx := r.Context()
	v := streamView{now: p.Clock.Now(), canLog: auth.From(ctx).Can(MayLog)}
	if err := web.Decode(r, &v.form); err != nil {
		return v, err
	}
	at, err := ParseCursor(v.form.At)
	if err != nil {
		return v, err
	}
	q := Query{Kind: k, ID: web.Path(r, "id"), At: at, Limit: limit, Filter: Filter{Voice: Voice(v.form.Voice), Kind: Kind(v.form.Kind), By: v.form.By}}
	var wrong errs.Fields
	if day, ok := dayStart(ctx, &wrong, "from", v.form.From); ok {
		q.Filter.From = db.At(day)
	}
	if day, ok := dayStart(ctx, &wrong, "to", v.form.To); ok {
		q.Filter.Until = db.At(day.AddDate(0, 0, 1))
	}
	v.errors = ui.ErrorsOf(ctx, wrong.Err()) // the stream is shown without what cannot be read
	v.face, v.page, err = p.Service.Stream(ctx, q)
	return v, err
}

// dayStart reads a day as the beginning of it where the reader is.
func dayStart(ctx context.Context, wrong *errs.Fields, name, text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(time.DateOnly, text, i18n.Zone(ctx))
	if err != nil {
		wrong.Add(name, "timeline.errors.day")
		return t, false
	}
	return t, true
}

// address writes where a stream stands.
func (v streamView) address(f streamForm) string {
	path := v.face.Href() + "/touches"
	if v.panel {
		path = v.face.Href() + "/panels/touches"
	}
	q := url.Values{}
	for name, value := range map[string]string{"voice": f.Voice, "kind": f.Kind, "by": f.By, "from": f.From, "to": f.To, "at": f.At} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// with writes the address with one filter changed, from the newest on.
func (v streamView) with(change func(f *streamForm)) string {
	f := v.form
	f.At = ""
	change(&f)
	return v.address(f)
}

func (v streamView) at(c *Cursor) string {
	if c == nil {
		return ""
	}
	f := v.form
	if f.At = c.String(); c.Newer && v.form.At == "" {
		f.At = ""
	}
	return v.address(f)
}

// filtered tells whether anything narrows the stream.
func (v streamView) filtered() bool {
	f := v.form
	return f.Voice+f.Kind+f.By+f.From+f.To != ""
}

// logHref is where something is noted about the customer. His name travels
// behind #, which a browser never sends: the form shows it without network.
func logHref(f customers.Face, k Kind) string {
	q := url.Values{string(f.Kind): {f.MasterID}}
	if k != "" {
		q.Set("kind", string(k))
	}
	return "/touches/new?" + q.Encode() + "#" + url.PathEscape(f.Name)
}

// months groups touches by what stands above them: today, then their months.
type month struct {
	caption string
	touches []Told
}

func (v streamView) months(ctx context.Context) []month {
	var out []month
	zone := i18n.Zone(ctx)
	today := v.now.In(zone).Format(time.DateOnly)
	for _, t := range v.page.Touches {
		caption := capital(i18n.Month(ctx, t.At.Go()))
		if t.At.Go().In(zone).Format(time.DateOnly) == today {
			caption = i18n.T(ctx, "timeline.stream.today")
		}
		if len(out) == 0 || out[len(out)-1].caption != caption {
			out = append(out, month{caption: caption})
		}
		last := &out[len(out)-1]
		last.touches = append(last.touches, t)
	}
	return out
}

// touchView is the page of one touch.
type touchView struct {
	t   Told
	now time.Time
}

func (p *Pages) touch(w http.ResponseWriter, r *http.Request) error {
	t, err := p.Service.Touch(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, touchPage(touchView{t, p.Clock.Now()}))
}

func (p *Pages) withdrawTouch(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), web.Path(r, "id")
	t, err := p.Service.Touch(ctx, id)
	if err != nil {
		return err
	}
	if err := p.Service.Withdraw(ctx, id); err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "timeline.toast.withdrawn", Undo: "/touches/" + id + "/restore"})
	return web.Redirect(w, r, t.WhoHref+"/touches")
}

func (p *Pages) restoreTouch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := p.Service.Restore(ctx, web.Path(r, "id"))
	if err != nil {
		return err
	}
	t, err := p.Service.Touch(ctx, id)
	if err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "timeline.toast.restored"})
	return web.Redirect(w, r, t.WhoHref+"/touches")
}
