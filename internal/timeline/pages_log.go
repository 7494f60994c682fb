package timeline

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/search"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// logForm is what the quick log sends, from a page or from the outbox of a
// telephone.
type logForm struct {
	Kind      string `form:"kind"`
	Text      string `form:"text"`
	Contact   string `form:"contact"`
	Account   string `form:"account"`
	With      string `form:"with"` // one of the account's people
	Who       string `form:"who"`  // a name as typed, where no customer is given
	Pick      string `form:"pick"` // kind:id, chosen among those of that name
	At        string `form:"at"`   // as a browser writes day and time; "" now
	Direction string `form:"direction"`
	Joint     bool   `form:"joint"`
	FollowOn  string `form:"follow_on"`
	Private   bool   `form:"private"`
	Once      string `form:"once"`
	As        string `form:"as"`    // who noted it: nobody else sends it
	Typed     string `form:"typed"` // when it was noted on a telephone without network
	After     string `form:"after"` // a touch that is taken up again
	Sent      bool   `form:"sent"`  // by the outbox in the background: nobody looks
}

// logView is the quick log.
type logView struct {
	form    logForm
	face    customers.Face // zero: not known yet
	people  []*customers.Record
	recent  []customers.Face
	choices []customers.Face // of the name typed
	errors  ui.Errors
	action  string
	edit    string // id of the touch that is put right
	now     time.Time
}

// newTouch opens the quick log.
func (p *Pages) newTouch(w http.ResponseWriter, r *http.Request) error {
	var f logForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if !slices.Contains(QuickKinds(), Kind(f.Kind)) {
		f.Kind = string(QuickKinds()[0])
	}
	if f.After != "" {
		t, err := p.Service.Touch(r.Context(), f.After)
		if err != nil {
			return err
		}
		f.Contact, f.Account, f.After = t.ContactID, t.AccountID, ""
	}
	f.Once = db.NewID()
	v, err := p.logView(r.Context(), f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, logPage(v))
}

// logView reads what the form shows beside what was typed.
func (p *Pages) logView(ctx context.Context, f logForm) (logView, error) {
	f.As = auth.From(ctx).UserID
	v := logView{form: f, action: "/touches", now: p.Clock.Now()}
	kind, id := customers.KindContact, f.Contact
	if id == "" {
		kind, id = customers.KindAccount, f.Account
	}
	if id == "" {
		var err error
		v.recent, err = p.Service.Recent(ctx, 5)
		return v, err
	}
	found, err := p.Customers.Faces(ctx, kind, id)
	if err != nil {
		return v, err
	}
	var ok bool
	if v.face, ok = found[id]; !ok {
		return v, errs.NotFound(string(kind))
	}
	if kind == customers.KindAccount {
		list, err := p.Customers.List(ctx, customers.Query{Kind: customers.KindContact, Limit: 100,
			Filter: customers.Filter{Conditions: []customers.Condition{{Field: "account", Op: "is", Values: []string{v.face.MasterID}}}}})
		if err != nil {
			return v, err
		}
		v.people = list.Records
	}
	return v, nil
}

// logTouch keeps what was typed. It answers the outbox of a telephone in JSON.
func (p *Pages) logTouch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f logForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if f.As != "" && f.As != auth.From(ctx).UserID {
		return errs.Forbidden("timeline.errors.other_person") // what one person noted, no other sends
	}
	out, face, choices, err := p.keep(ctx, f)
	outbox := strings.Contains(r.Header.Get("Accept"), "application/json")
	if errs.Is(err, errs.KindInvalid) && !outbox {
		v, failed := p.logView(ctx, f)
		if failed != nil {
			return failed
		}
		v.errors, v.choices = ui.ErrorsOf(ctx, err), choices
		return web.Render(w, r, http.StatusUnprocessableEntity, logPage(v))
	}
	if err != nil {
		return err
	}
	to := face.Href() + "/touches"
	if !f.Sent {
		web.Flash(w, r, web.Toast{Key: "timeline.toast.logged", Params: map[string]any{"who": face.Name}, Undo: "/touches/" + out.ID + "/withdraw"})
	}
	if !outbox {
		return web.Redirect(w, r, to)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(map[string]string{"to": to, "id": out.ID})
}

// keep turns a form into a touch and logs it. Where the name typed is that of
// several customers or of none, it gives those to choose from.
func (p *Pages) keep(ctx context.Context, f logForm) (Logged, customers.Face, []customers.Face, error) {
	var wrong errs.Fields
	t := f.touch(ctx, &wrong)
	var choices []customers.Face
	if t.ContactID == "" && t.AccountID == "" {
		face, some, err := p.customer(ctx, f.Who)
		switch {
		case err != nil:
			return Logged{}, face, nil, err
		case face.ID != "" && face.Kind == customers.KindContact:
			t.ContactID = face.MasterID
		case face.ID != "":
			t.AccountID = face.MasterID
		case f.Who == "":
			wrong.Add("who", "timeline.errors.who")
		case len(some) == 0:
			wrong.Add("who", "timeline.errors.who_none", "name", web.Brief(f.Who))
		default:
			choices = some
			wrong.Add("pick", "timeline.errors.who_which")
		}
	}
	if err := wrong.Err(); err != nil {
		return Logged{}, customers.Face{}, choices, err
	}
	kind, id := customers.KindContact, t.ContactID
	if id == "" {
		kind, id = customers.KindAccount, t.AccountID
	}
	found, err := p.Customers.Faces(ctx, kind, id)
	if err != nil {
		return Logged{}, customers.Face{}, nil, err
	}
	face, ok := found[id]
	if !ok {
		return Logged{}, face, nil, errs.NotFound(string(kind))
	}
	out, err := p.Service.Log(ctx, t, f.Once)
	return out, face, nil, err
}

// touch reads the form. What was noted without network happened when it was
// noted, unless it says otherwise.
func (f logForm) touch(ctx context.Context, wrong *errs.Fields) Touch {
	t := Touch{Kind: Kind(f.Kind), Body: f.Text, ContactID: f.Contact, AccountID: f.Account, Direction: Direction(f.Direction),
		FollowOn: f.FollowOn, Private: f.Private && Kind(f.Kind) == Note}
	if f.With != "" {
		t.ContactID = f.With
	}
	if kind, id, ok := strings.Cut(f.Pick, ":"); ok {
		if customers.Kind(kind) == customers.KindAccount {
			t.AccountID = id
		} else {
			t.ContactID = id
		}
	}
	if f.Joint {
		t.Voice = Both
	}
	switch {
	case f.At != "":
		at, err := time.ParseInLocation("2006-01-02T15:04", f.At, i18n.Zone(ctx))
		if err != nil {
			wrong.Add("at", "timeline.errors.when")
		}
		t.At = db.At(at)
	case f.Typed != "":
		at, err := time.Parse(time.RFC3339, f.Typed)
		if err != nil {
			wrong.Add("at", "timeline.errors.when")
		}
		t.At = db.At(at)
	}
	return t
}

// mostChoices is how many customers are offered for a name.
const mostChoices = 6

// customer finds whom a name means: the one who is called so, else those to
// choose from.
func (p *Pages) customer(ctx context.Context, name string) (customers.Face, []customers.Face, error) {
	some, err := p.Service.Named(ctx, name, mostChoices)
	if err != nil {
		return customers.Face{}, nil, err
	}
	var same []customers.Face
	for _, f := range some {
		if db.Fold(f.Name) == db.Fold(name) {
			same = append(same, f)
		}
	}
	if len(same) == 1 {
		return same[0], nil, nil
	}
	return customers.Face{}, some, nil
}

// Named finds accounts and contacts by what they are called, for the quick log.
func (s *Service) Named(ctx context.Context, name string, limit int) ([]customers.Face, error) {
	var out []customers.Face
	if len([]rune(name)) < 2 {
		return nil, nil
	}
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, customers.MayRead); err != nil {
			return err
		}
		kinds := []string{string(customers.KindContact), string(customers.KindAccount)}
		res, err := search.Find(ctx, r, search.Query{Scope: auth.From(ctx).Scope, Text: name, Kinds: kinds, Limit: limit})
		if err != nil {
			return err
		}
		found := map[string]customers.Face{}
		for _, kind := range kinds {
			var ids []string
			for _, h := range res.Hits {
				if h.Kind == kind {
					ids = append(ids, h.ID)
				}
			}
			if len(ids) == 0 {
				continue
			}
			faces, err := s.customers.Faces(ctx, customers.Kind(kind), ids...)
			if err != nil {
				return err
			}
			for id, f := range faces {
				found[kind+id] = f
			}
		}
		for _, h := range res.Hits {
			if f, ok := found[h.Kind+h.ID]; ok {
				out = append(out, f)
			}
		}
		return nil
	})
	return out, errs.Wrap("find customer", err)
}

// who offers customers while a name is typed.
func (p *Pages) who(w http.ResponseWriter, r *http.Request) error {
	var f struct {
		Who string `form:"who"`
	}
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	some, err := p.Service.Named(r.Context(), f.Who, mostChoices)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, whoChoices(logView{choices: some}))
}

// editTouch opens what stands in a touch.
func (p *Pages) editTouch(w http.ResponseWriter, r *http.Request) error {
	t, err := p.editable(r)
	if err != nil {
		return err
	}
	zone := i18n.Zone(r.Context())
	f := logForm{Kind: string(t.Kind), Text: t.text(), At: t.At.Go().In(zone).Format("2006-01-02T15:04"), Direction: string(t.Direction),
		Joint: t.Voice == Both, FollowOn: t.FollowOn, Private: t.Private, Contact: t.ContactID, Account: t.AccountID}
	return p.editPage(w, r, http.StatusOK, f, nil)
}

func (p *Pages) editPage(w http.ResponseWriter, r *http.Request, status int, f logForm, wrong error) error {
	v, err := p.logView(r.Context(), f)
	if err != nil {
		return err
	}
	v.edit, v.errors, v.people = web.Path(r, "id"), ui.ErrorsOf(r.Context(), wrong), nil
	v.action = "/touches/" + v.edit + "/edit"
	return web.Render(w, r, status, logPage(v))
}

func (p *Pages) editable(r *http.Request) (Told, error) {
	t, err := p.Service.Touch(r.Context(), web.Path(r, "id"))
	if err == nil && !t.CanEdit {
		err = errs.Forbidden("")
	}
	return t, err
}

// text is what the form shows of a touch: its subject, if any, stands first.
func (t Told) text() string {
	if t.Subject != "" && t.Body != "" {
		return t.Subject + "\n\n" + t.Body
	}
	return t.Subject + t.Body
}

// correctTouch puts a touch right.
func (p *Pages) correctTouch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	old, err := p.editable(r)
	if err != nil {
		return err
	}
	var f logForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	f.Contact, f.Account, f.With, f.Pick = old.ContactID, old.AccountID, "", ""
	var wrong errs.Fields
	t := f.touch(ctx, &wrong)
	c := Change{At: t.At, Kind: t.Kind, Direction: t.Direction, Joint: f.Joint, Subject: old.Subject, Body: t.Body, FollowOn: t.FollowOn, Private: t.Private}
	if old.Subject != "" && f.Text != old.text() {
		c.Subject = ""
	} else if old.Subject != "" {
		c.Body = old.Body
	}
	err = wrong.Err()
	id := ""
	if err == nil {
		id, err = p.Service.Correct(ctx, old.ID, c)
	}
	if errs.Is(err, errs.KindInvalid) {
		return p.editPage(w, r, http.StatusUnprocessableEntity, f, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "timeline.toast.corrected", Undo: "/touches/" + old.ID + "/restore"})
	return web.Redirect(w, r, "/touches/"+id)
}
