package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

type changesForm struct {
	About  string `form:"about"` // id of the person concerned
	Actor  string `form:"actor"` // id of who did it
	Kind   string `form:"kind"`  // with Object: the history of one thing
	Object string `form:"object"`
	After  string `form:"after"`
}

func (f changesForm) filtered() bool { return f.About != "" || f.Actor != "" || f.Kind != "" }

func (f changesForm) address(after string) string {
	return address("/admin/audit", "about", f.About, "actor", f.Actor, "kind", f.Kind, "object", f.Object, "after", after)
}

type changesView struct {
	form  changesForm
	list  []audit.Entry
	next  string
	words func(ctx context.Context, e audit.Entry) string
}

func (p *Pages) changes(w http.ResponseWriter, r *http.Request) error {
	v := changesView{words: p.actWords}
	if err := web.Decode(r, &v.form); err != nil {
		return err
	}
	f := audit.Filter{About: v.form.About, Actor: v.form.Actor, Kind: v.form.Kind, Object: v.form.Object, After: v.form.After, Limit: pageOf}
	list, more, err := p.Service.Changes(r.Context(), f)
	if err != nil {
		return err
	}
	if v.list = list; more {
		v.next = v.form.address(list[len(list)-1].ID)
	}
	return web.Render(w, r, http.StatusOK, changesPage(v, p.Clock.Now()))
}

// actWords says what was done. An act of a release that is gone, or one without
// words, is shown by its name.
//
// i18n: audit.action.*
func (p *Pages) actWords(ctx context.Context, e audit.Entry) string {
	key := "audit.action." + e.Action
	if !i18n.Has(ctx, key) {
		return e.Action
	}
	return i18n.T(ctx, key)
}

// value writes one side of an edit for reading.
func value(ctx context.Context, v any) string {
	switch v := v.(type) {
	case nil:
		return i18n.T(ctx, "admin.audit.nothing")
	case string:
		if v == "" {
			return i18n.T(ctx, "admin.audit.nothing")
		}
		return v
	case bool:
		if v {
			return i18n.T(ctx, "admin.audit.yes")
		}
		return i18n.T(ctx, "admin.audit.no")
	}
	b, err := json.Marshal(v)
	if err != nil {
		return i18n.T(ctx, "admin.audit.nothing")
	}
	return string(b)
}

// edits sums an entry up in one line for each field.
func edits(ctx context.Context, e audit.Entry) []string {
	out := make([]string, 0, len(e.Edits))
	for _, x := range e.Edits {
		if x.From == nil && x.To == nil {
			out = append(out, i18n.T(ctx, "admin.audit.secret", "field", fieldWords(ctx, x.Field)))
			continue
		}
		out = append(out, i18n.T(ctx, "admin.audit.edit", "field", fieldWords(ctx, x.Field), "from", edited(ctx, e.Kind, x.Field, x.From), "to", edited(ctx, e.Kind, x.Field, x.To)))
	}
	return out
}

// isDay tells whether a text is a calendar day, as forms and the journal keep it.
func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// valueWords puts a value that is a code into words, where it has any.
//
// i18n: team.role.* team.weekday.* clock.holidays.*
func valueWords(ctx context.Context, kind, field, v string) string {
	switch {
	case field == "roles":
		return said(ctx, "team.role", v)
	case field == "holidays":
		return said(ctx, "clock.holidays", v)
	case field == "country":
		return i18n.CountryName(ctx, v)
	case field == "language":
		return i18n.OwnName(v)
	case field == "hours":
		days := strings.Split(v, ";")
		for i, d := range days {
			if day, spans, ok := strings.Cut(d, "="); ok {
				days[i] = said(ctx, "team.weekday", day) + " " + strings.ReplaceAll(spans, ",", ", ")
			}
		}
		return strings.Join(days, "\u00a0· ")
	case isDay(v):
		return i18n.Day(ctx, v)
	}
	if key := "audit.value." + kind + "." + field; i18n.Has(ctx, key+"."+v) {
		return said(ctx, key, v)
	}
	return v
}

// edited writes one side of an edit, with the words of values that are codes.
func edited(ctx context.Context, kind, field string, v any) string {
	switch v := v.(type) {
	case string:
		if v == "" {
			break
		}
		return valueWords(ctx, kind, field, v)
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = edited(ctx, kind, field, x)
		}
		if len(words) > 0 {
			return strings.Join(words, ", ")
		}
		return i18n.T(ctx, "admin.audit.nothing")
	}
	return value(ctx, v)
}

type securityForm struct {
	User  string `form:"user"` // id of the person concerned
	Kind  string `form:"kind"`
	After string `form:"after"`
}

func (f securityForm) address(after string) string {
	return address("/admin/security", "user", f.User, "kind", f.Kind, "after", after)
}

type securityView struct {
	form securityForm
	list []auth.LogEntry
	next string
}

func (p *Pages) security(w http.ResponseWriter, r *http.Request) error {
	var v securityView
	err := web.Decode(r, &v.form)
	if err != nil {
		return err
	}
	if v.form.Kind != "" && !slices.Contains(logKinds(), v.form.Kind) {
		return errs.NotFound("kind of entry")
	}
	f := auth.LogFilter{UserID: v.form.User, Kind: v.form.Kind, Before: v.form.After, Limit: pageOf + 1}
	if v.list, err = p.Log.SecurityLog(r.Context(), f); err != nil {
		return err
	}
	if len(v.list) > pageOf {
		v.list = v.list[:pageOf]
		v.next = v.form.address(v.list[pageOf-1].ID)
	}
	return web.Render(w, r, http.StatusOK, securityPage(v, p.Clock.Now()))
}

// logKinds are the kinds of entries, in the order of the filter.
func logKinds() []string {
	return []string{
		auth.LogSignedIn, auth.LogSignedOut, auth.LogSignInFailed, auth.LogSignInThrottled, auth.LogNewDevice,
		auth.LogFactorFailed, auth.LogFactorOn, auth.LogFactorOff, auth.LogRecoveryUsed, auth.LogRecoveryMade,
		auth.LogResetAsked, auth.LogPasswordReset, auth.LogPasswordChanged, auth.LogEmailChanged, auth.LogInvited, auth.LogJoined,
		auth.LogTokenMade, auth.LogTokenRevoked, auth.LogSessionRevoked, auth.LogRolesChanged, auth.LogExpiryChanged,
		auth.LogDisabled, auth.LogEnabled,
	}
}
