package access

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// signInView is what the first page of the door shows.
type signInView struct {
	form         signInForm
	why          refusal
	company      bool
	organisation string
	personas     []ui.Persona
}

// linkView is the page of a link from a mail.
type linkView struct {
	action       string
	email        string
	name         string
	organisation string
	why          refusal
}

// minutes is how long to wait, in whole minutes, at least one.
func minutes(d time.Duration) int { return max(1, int(math.Ceil(d.Minutes()))) }

// of gives the errors of one form of the page.
func (v securityView) of(form string) ui.Errors {
	if v.form != form {
		return nil
	}
	return v.why.fields
}

// deviceName says in words what a browser says of itself. It is a help for the
// memory, not a proof: a browser may say anything.
func deviceName(ctx context.Context, agent string) string {
	browser := firstOf(agent, "Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari", "curl/", "curl")
	system := firstOf(agent, "iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "access.device.both", "browser", browser, "system", system)
	case browser+system != "":
		return browser + system
	}
	return i18n.T(ctx, "access.device.unknown")
}

// firstOf looks for marks in order and gives the name that follows the first found.
func firstOf(text string, marksAndNames ...string) string {
	for i := 0; i+1 < len(marksAndNames); i += 2 {
		if strings.Contains(text, marksAndNames[i]) {
			return marksAndNames[i+1]
		}
	}
	return ""
}

// scopeOptions are the choices of what a key may do.
//
// i18n: access.keys.scope.* access.keys.scope_hint.*
func scopeOptions(ctx context.Context, scopes, chosen []string) []ui.Option {
	out := make([]ui.Option, len(scopes))
	for i, s := range scopes {
		out[i] = ui.Option{Value: s, Label: i18n.T(ctx, "access.keys.scope."+s), Hint: i18n.T(ctx, "access.keys.scope_hint."+s)}
		for _, c := range chosen {
			out[i].On = out[i].On || c == s
		}
	}
	return out
}

// scopeWords says what a key may do.
func scopeWords(ctx context.Context, t auth.APIToken) string {
	words := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		words[i] = i18n.T(ctx, "access.keys.scope."+s)
	}
	return strings.Join(words, ", ")
}

func lifeOptions(ctx context.Context, days int) []ui.Option {
	var out []ui.Option
	for _, d := range []int{7, 30, 90, 365} {
		out = append(out, ui.Option{Value: strconv.Itoa(d), Label: i18n.N(ctx, "access.keys.days", d), On: d == days})
	}
	return out
}

func languageOptions(lang string) []ui.Option {
	var out []ui.Option
	for _, l := range i18n.Languages() {
		out = append(out, ui.Option{Value: l, Label: i18n.OwnName(l), On: l == lang})
	}
	return out
}

func themeOptions(ctx context.Context, theme string) []ui.Option {
	if theme == "" {
		theme = systemTheme
	}
	return []ui.Option{
		{Value: systemTheme, Label: i18n.T(ctx, "access.settings.theme_system"), On: theme == systemTheme},
		{Value: "light", Label: i18n.T(ctx, "access.settings.theme_light"), On: theme == "light"},
		{Value: "dark", Label: i18n.T(ctx, "access.settings.theme_dark"), On: theme == "dark"},
	}
}

// zones are offered while typing; any other name that exists is taken too.
func zones() []string {
	return []string{"Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "Europe/London", "America/Toronto", "America/Montreal", "America/Halifax",
		"America/Winnipeg", "America/Edmonton", "America/Vancouver", "America/New_York", "America/Chicago", "America/Los_Angeles", "Africa/Casablanca", "Africa/Tunis",
		"Africa/Dakar", "Indian/Reunion", "America/Martinique", "America/Guadeloupe", "Pacific/Noumea", "Pacific/Tahiti", "UTC"}
}

// logWords says an entry of the log, with what it was about.
func logWords(ctx context.Context, e auth.LogEntry) string {
	return i18n.T(ctx, "auth.log."+e.Kind)
}

// logDetail is what an entry was about: roles, the name of a key, a device. The
// ways of signing in are our own words and say nothing more to the reader.
func logDetail(e auth.LogEntry) string {
	switch e.Kind {
	case auth.LogTokenMade, auth.LogTokenRevoked, auth.LogRolesChanged, auth.LogExpiryChanged, auth.LogEmailChanged:
		return e.Detail
	}
	return ""
}

// by says who did it.
func by(ctx context.Context, e auth.LogEntry) string {
	switch {
	case e.ActorName != "":
		return e.ActorName
	case e.IP != "":
		return e.UserName
	}
	return i18n.T(ctx, "access.log.unisson")
}

// where says from where an entry came; nothing for what the program did.
func where(ctx context.Context, e auth.LogEntry) string {
	if e.IP == "" {
		return ""
	}
	return i18n.T(ctx, "access.log.from", "device", deviceName(ctx, e.UserAgent), "address", e.IP)
}

// crumbs leads from my page down to a page of mine; an empty last is the page
// of safety itself.
func crumbs(ctx context.Context, last string) []ui.Crumb {
	c := []ui.Crumb{{Label: i18n.T(ctx, "access.me"), Href: "/me"}, {Label: i18n.T(ctx, "access.security.title"), Href: "/me/security"}}
	if last == "" {
		c[1].Href = ""
		return c
	}
	return append(c, ui.Crumb{Label: last})
}
