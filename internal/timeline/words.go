package timeline

import (
	"context"
	"time"
	"unicode"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// i18n: timeline.kind.* timeline.did.* timeline.came.* timeline.voice.* timeline.field.* timeline.log.*

func kindWord(ctx context.Context, k Kind) string { return i18n.T(ctx, "timeline.kind."+string(k)) }

// icon of a kind.
func icon(k Kind) string {
	switch k {
	case "visit":
		return "map-pin"
	case "call":
		return "phone"
	case "mail":
		return "mail"
	case Note:
		return "notebook-pen"
	}
	return "message-circle"
}

// mark is the class of a touch's mark on the thread.
func mark(t Told) string {
	switch {
	case t.Machine:
		return "n"
	case t.Voice == Marketing:
		return "m"
	case t.Voice == Sales:
		return "v"
	case t.Voice == Both:
		return "j"
	case t.Voice == Customer:
		return ""
	}
	return "n"
}

// voiceWord says the mark to those who do not see it.
func voiceWord(ctx context.Context, t Told) string {
	if t.Voice == "" {
		return i18n.T(ctx, "timeline.voice.nobody")
	}
	return i18n.T(ctx, "timeline.voice."+string(t.Voice))
}

// sentence says what happened: who did what with whom.
func sentence(ctx context.Context, t Told) string {
	if t.Subject != "" {
		return t.Subject
	}
	if t.Voice == Customer || t.Direction == In {
		return i18n.T(ctx, "timeline.came."+string(t.Kind), "who", t.Who)
	}
	if t.ByName == "" {
		return kindWord(ctx, t.Kind)
	}
	return i18n.T(ctx, "timeline.did."+string(t.Kind), "by", t.ByName, "who", t.Who)
}

// when says the hour of today, else the day.
func when(ctx context.Context, t Told, now time.Time) string {
	zone := i18n.Zone(ctx)
	at := t.At.Go().In(zone)
	if at.Format(time.DateOnly) == now.In(zone).Format(time.DateOnly) {
		return i18n.Time(ctx, at)
	}
	return i18n.ShortDay(ctx, at.Format(time.DateOnly))
}

// meta is the source below a sentence.
func meta(ctx context.Context, t Told) []string {
	var out []string
	if t.Subject != "" || t.Kind != Note {
		out = append(out, kindWord(ctx, t.Kind))
	}
	if t.Channel != "" {
		out = append(out, t.Channel)
	}
	if t.ByName != "" && (t.Subject != "" || t.Voice == Customer) {
		out = append(out, i18n.T(ctx, "timeline.stream.by", "name", t.ByName))
	}
	if t.Machine {
		out = append(out, i18n.T(ctx, "timeline.stream.machine"))
	}
	if t.FollowOn != "" {
		out = append(out, i18n.T(ctx, "timeline.stream.follow", "day", i18n.ShortDay(ctx, t.FollowOn)))
	}
	return out
}

// capital writes a caption with a capital letter.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// segments are the four views of the thread.
func (v streamView) segments(ctx context.Context) []ui.SegItem {
	out := []ui.SegItem{{Label: i18n.T(ctx, "timeline.stream.all"), Href: v.with(func(f *streamForm) { f.Voice = "" }), Current: v.form.Voice == ""}}
	for _, o := range []struct {
		voice Voice
		mark  ui.Voice
	}{{Customer, ui.Neutral}, {Marketing, ui.Marketing}, {Sales, ui.Sales}} {
		out = append(out, ui.SegItem{Label: i18n.T(ctx, "timeline.voice."+string(o.voice)), Voice: o.mark,
			Href: v.with(func(f *streamForm) { f.Voice = string(o.voice) }), Current: v.form.Voice == string(o.voice)})
	}
	return out
}

// kinds are the choices of a menu, with all of them first.
func (v streamView) kinds(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: i18n.T(ctx, "timeline.stream.every_kind")}}
	for _, k := range Kinds() {
		out = append(out, ui.Option{Value: string(k), Label: kindWord(ctx, k)})
	}
	return out
}

func (v streamView) people(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: i18n.T(ctx, "timeline.stream.everybody")}}
	for _, a := range v.authors {
		out = append(out, ui.Option{Value: a.ID, Label: a.Name})
	}
	return out
}
