package timeline

import (
	"context"
	"net/http"
	"strings"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/api"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Operations are the REST operations of the timeline.
func (p *Pages) Operations(a *api.API) {
	const tag = "touches"
	api.Register(a, api.Op{ID: "listAccountTouches", Method: http.MethodGet, Path: "/accounts/{id}/touches", Tag: tag, Perm: MayRead,
		Summary: "List what happened with an account and its people, newest first"}, p.apiStream(customers.KindAccount))
	api.Register(a, api.Op{ID: "listContactTouches", Method: http.MethodGet, Path: "/contacts/{id}/touches", Tag: tag, Perm: MayRead,
		Summary: "List what happened with a contact, newest first"}, p.apiStream(customers.KindContact))
	api.Register(a, api.Op{ID: "getTouch", Method: http.MethodGet, Path: "/touches/{id}", Tag: tag, Perm: MayRead,
		Summary: "Read one touchpoint; of one that was corrected, what stands in its place"}, p.apiTouch)
	api.Register(a, api.Op{ID: "logTouch", Method: http.MethodPost, Path: "/touches", Tag: tag, Status: http.StatusCreated, Perm: MayLog,
		Summary: "Log what you did with a customer, or heard"}, p.apiLog)
	api.Register(a, api.Op{ID: "correctTouch", Method: http.MethodPost, Path: "/touches/{id}/corrections", Tag: tag, Status: http.StatusCreated, Perm: MayLog,
		Summary: "Put a touchpoint right: a new one stands in its place"}, p.apiCorrect)
	api.Register(a, api.Op{ID: "withdrawTouch", Method: http.MethodDelete, Path: "/touches/{id}", Tag: tag, Status: http.StatusNoContent, Perm: MayLog,
		Summary: "Take a touchpoint back"}, p.apiWithdraw)
}

type touchWire struct {
	ID        string    `json:"id"`
	ContactID string    `json:"contact_id,omitempty"`
	AccountID string    `json:"account_id,omitempty"`
	Customer  string    `json:"customer" example:"Claire Fontaine" doc:"What the contact, else the account, is called"`
	At        time.Time `json:"at" doc:"When it happened"`
	Kind      string    `json:"kind" example:"visit"`
	Channel   string    `json:"channel,omitempty"`
	Direction string    `json:"direction,omitempty" enum:"in,out" doc:"in: the customer turned to you"`
	Voice     string    `json:"voice,omitempty" enum:"customer,marketing,sales,both" doc:"Whose mark it bears; absent: another department"`
	ByID      string    `json:"by_id,omitempty" doc:"Who did it on your side"`
	By        string    `json:"by,omitempty" example:"Sofia Benali"`
	Subject   string    `json:"subject,omitempty"`
	Text      string    `json:"text,omitempty"`
	FollowOn  string    `json:"follow_on,omitempty" format:"date"`
	Private   bool      `json:"private" doc:"Only its author reads it"`
	Machine   bool      `json:"machine" doc:"A robot or an automatic answer: never counts"`
	Corrects  string    `json:"corrects,omitempty" doc:"Id of the touchpoint in whose place it stands"`
}

func wire(t Told) touchWire {
	return touchWire{t.ID, t.ContactID, t.AccountID, t.Who, t.At.Go().UTC(), string(t.Kind), t.Channel, string(t.Direction), string(t.Voice),
		t.ByID, t.ByName, t.Subject, t.Body, t.FollowOn, t.Private, t.Machine, t.Corrects}
}

type streamIn struct {
	ID    string    `path:"id" maxLength:"100"`
	Voice string    `query:"voice" enum:"customer,marketing,sales,both" doc:"Joint ones belong to marketing and to sales"`
	Kind  string    `query:"kind" maxLength:"40" example:"visit"`
	By    string    `query:"by" maxLength:"100" doc:"Id of who did it on your side"`
	From  time.Time `query:"from" doc:"From this instant on"`
	Until time.Time `query:"until" doc:"Before this instant"`
	api.PageIn
}

type streamOut struct{ Body api.Page[touchWire] }

func (p *Pages) apiStream(k customers.Kind) func(context.Context, *streamIn) (*streamOut, error) {
	return func(ctx context.Context, in *streamIn) (*streamOut, error) {
		at, err := ParseCursor(in.Cursor)
		if err != nil {
			return nil, errs.Malformed("cursor", "errors.bad_cursor")
		}
		_, page, err := p.Service.Stream(ctx, Query{Kind: k, ID: in.ID, At: at, Limit: in.Limit,
			Filter: Filter{Voice: Voice(in.Voice), Kind: Kind(in.Kind), By: in.By, From: db.At(in.From), Until: db.At(in.Until)}})
		if err != nil {
			return nil, err
		}
		out := &streamOut{Body: api.Page[touchWire]{Items: make([]touchWire, 0, len(page.Touches))}}
		for _, t := range page.Touches {
			out.Body.Items = append(out.Body.Items, wire(t))
		}
		if page.Older != nil {
			out.Body.Next = page.Older.String()
		}
		return out, nil
	}
}

type touchIn struct {
	ID string `path:"id" maxLength:"100"`
}

type touchOut struct{ Body touchWire }

func (p *Pages) apiTouch(ctx context.Context, in *touchIn) (*touchOut, error) {
	t, err := p.Service.Touch(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &touchOut{wire(t)}, nil
}

type logIn struct {
	Body struct {
		ContactID string    `json:"contact_id,omitempty" maxLength:"100"`
		AccountID string    `json:"account_id,omitempty" maxLength:"100" doc:"Absent: where the contact works"`
		Channel   string    `json:"channel,omitempty" maxLength:"60"`
		At        time.Time `json:"at,omitzero" doc:"When it happened; absent: now"`
		Kind      string    `json:"kind" enum:"visit,call,mail,note,meeting,message,form,web,event,document,quote,order,survey,post,exchange"`
		Direction string    `json:"direction,omitempty" enum:"in,out" doc:"in: the customer turned to you"`
		Joint     bool      `json:"joint,omitempty" doc:"Sales and marketing did it together"`
		Subject   string    `json:"subject,omitempty" maxLength:"300"`
		Text      string    `json:"text,omitempty" maxLength:"20000" doc:"Facts that serve the work; the person may read them"`
		FollowOn  string    `json:"follow_on,omitempty" format:"date" doc:"Day on which you want to take it up again"`
		Private   bool      `json:"private,omitempty" doc:"Of a note: only you read it"`
	}
}

type loggedOut struct {
	Location string `header:"Location"`
	Body     touchWire
}

// apiLog is sent once by its Idempotency-Key, which the API keeps.
func (p *Pages) apiLog(ctx context.Context, in *logIn) (*loggedOut, error) {
	b := in.Body
	if err := legible(b.ContactID, b.AccountID, b.Channel, b.Subject, b.Text); err != nil {
		return nil, err
	}
	t := Touch{ContactID: b.ContactID, AccountID: b.AccountID, Channel: b.Channel, At: db.At(b.At), Kind: Kind(b.Kind), Direction: Direction(b.Direction),
		Subject: b.Subject, Body: b.Text, FollowOn: b.FollowOn, Private: b.Private}
	if b.Joint {
		t.Voice = Both
	}
	out, err := p.Service.Log(ctx, t, "")
	if err != nil {
		return nil, err
	}
	return p.there(ctx, out.ID)
}

func (p *Pages) there(ctx context.Context, id string) (*loggedOut, error) {
	t, err := p.Service.Touch(ctx, id)
	if err != nil {
		return nil, err
	}
	return &loggedOut{Location: api.Prefix + "/touches/" + id, Body: wire(t)}, nil
}

type correctIn struct {
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		At        time.Time `json:"at,omitzero" doc:"When it happened; absent: as before"`
		Kind      string    `json:"kind" enum:"visit,call,mail,note,meeting,message,form,web,event,document,quote,order,survey,post,exchange"`
		Direction string    `json:"direction,omitempty" enum:"in,out" doc:"in: the customer turned to you"`
		Joint     bool      `json:"joint,omitempty" doc:"Sales and marketing did it together"`
		Subject   string    `json:"subject,omitempty" maxLength:"300"`
		Text      string    `json:"text,omitempty" maxLength:"20000" doc:"Facts that serve the work; the person may read them"`
		FollowOn  string    `json:"follow_on,omitempty" format:"date" doc:"Day on which you want to take it up again"`
		Private   bool      `json:"private,omitempty" doc:"Of a note: only you read it"`
	}
}

func (p *Pages) apiCorrect(ctx context.Context, in *correctIn) (*loggedOut, error) {
	b := in.Body
	if err := legible(b.Subject, b.Text); err != nil {
		return nil, err
	}
	old, err := p.Service.Touch(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c := Change{At: db.At(b.At), Kind: Kind(b.Kind), Direction: Direction(b.Direction), Joint: b.Joint, Subject: b.Subject, Body: b.Text, FollowOn: b.FollowOn, Private: b.Private}
	if b.At.IsZero() {
		c.At = old.At
	}
	id, err := p.Service.Correct(ctx, in.ID, c)
	if err != nil {
		return nil, err
	}
	return p.there(ctx, id)
}

func (p *Pages) apiWithdraw(ctx context.Context, in *touchIn) (*struct{}, error) {
	return nil, p.Service.Withdraw(ctx, in.ID)
}

// legible refuses NUL, which passes every schema and no PostgreSQL.
func legible(texts ...string) error {
	for _, t := range texts {
		if strings.ContainsRune(t, 0) || strings.ToValidUTF8(t, "") != t {
			return errs.Malformed("", "errors.malformed")
		}
	}
	return nil
}
