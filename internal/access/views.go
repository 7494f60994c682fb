package access

import (
	"context"
	"math"
	"slices"
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

// zoneOptions are the time zones: that of the organisation, the usual ones, all.
func zoneOptions(ctx context.Context, stands string) []ui.Option {
	out := []ui.Option{{Label: i18n.T(ctx, "access.settings.zone_company")}}
	for _, g := range []struct {
		name  string
		zones []string
	}{{i18n.T(ctx, "access.settings.zone_usual"), i18n.UsualZones()}, {i18n.T(ctx, "access.settings.zone_all"), i18n.OtherZones(stands)}} {
		for _, z := range g.zones {
			out = append(out, ui.Option{Value: z, Label: strings.ReplaceAll(z, "_", " "), Group: g.name})
		}
	}
	return out
}

// dotted joins what there is to say.
func dotted(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "\u00a0· ") // a line breaks after the dot, never before
}

// keyFacts is the second line of a key.
func keyFacts(ctx context.Context, k auth.APIToken, now time.Time) string {
	used := i18n.T(ctx, "access.keys.unused")
	if !k.UsedAt.IsZero() {
		used = i18n.T(ctx, "access.keys.used", "when", i18n.Relative(ctx, k.UsedAt.Go(), now))
	}
	return dotted(scopeWords(ctx, k), i18n.T(ctx, "access.keys.hint", "hint", k.Hint), used)
}

func keyLives(k auth.APIToken, now time.Time) bool {
	return k.RevokedAt.IsZero() && now.Before(k.ExpiresAt.Go())
}

// keyEnd says when a key ends, or that it did.
func keyEnd(ctx context.Context, k auth.APIToken, now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return i18n.T(ctx, "access.keys.is_revoked")
	case !keyLives(k, now):
		return i18n.T(ctx, "access.keys.is_over")
	}
	return i18n.T(ctx, "access.keys.until", "date", i18n.Date(ctx, k.ExpiresAt.Go()))
}

// deviceIcon tells a phone from a desk.
func deviceIcon(agent string) string {
	if firstOf(agent, "iPhone", "x", "iPad", "x", "Android", "x") != "" {
		return "smartphone"
	}
	return "monitor"
}

// logIcon is the mark of a kind of entry.
func logIcon(kind string) string {
	switch kind {
	case auth.LogSignedIn, auth.LogJoined, auth.LogInvited, auth.LogEnabled:
		return "log-in"
	case auth.LogSignedOut, auth.LogSessionRevoked:
		return "log-out"
	case auth.LogSignInFailed, auth.LogSignInThrottled, auth.LogFactorFailed, auth.LogDisabled:
		return "circle-alert"
	case auth.LogFactorOn, auth.LogFactorOff, auth.LogRecoveryUsed, auth.LogRecoveryMade:
		return "shield-check"
	case auth.LogResetAsked, auth.LogPasswordReset, auth.LogPasswordChanged:
		return "lock"
	case auth.LogTokenMade, auth.LogTokenRevoked:
		return "key-round"
	case auth.LogNewDevice:
		return "smartphone"
	}
	return "user-round-cog"
}

// logFacts is the second line of an entry: what it was about (the name of a
// key, roles), who did it or from where oneself did: from where somebody else
// acted is not the reader's to know. The ways of signing in are our own words and say nothing more to the reader.
func logFacts(ctx context.Context, e auth.LogEntry) string {
	about, by, from := "", "", ""
	switch e.Kind {
	case auth.LogTokenMade, auth.LogTokenRevoked, auth.LogEmailChanged:
		about = e.Detail
	case auth.LogExpiryChanged:
		if e.Detail != "" {
			about = i18n.Day(ctx, e.Detail)
		}
	case auth.LogRolesChanged:
		about = roleChange(ctx, e.Detail)
	}
	switch {
	case e.ActorName != "":
		by = i18n.T(ctx, "access.log.by", "name", e.ActorName)
	case e.IP == "":
		by = i18n.T(ctx, "access.log.unisson")
	}
	if e.IP != "" && e.ActorID == "" {
		from = i18n.T(ctx, "access.log.from", "device", deviceName(ctx, e.UserAgent), "address", e.IP)
	}
	return dotted(about, by, from)
}

// roleChange names the roles before and after, which the log keeps as codes.
func roleChange(ctx context.Context, detail string) string {
	sides := strings.Split(detail, " → ")
	for i, side := range sides {
		var roles []auth.Role
		for _, code := range strings.Split(side, ", ") {
			roles = append(roles, auth.Role(code))
		}
		sides[i] = roleNames(ctx, roles)
	}
	return strings.Join(sides, " → ")
}

// logWhen is exact where a date may be compared with another record.
func logWhen(ctx context.Context, e auth.LogEntry, exact bool, now time.Time) string {
	if exact {
		return i18n.DateTime(ctx, e.At.Go())
	}
	return i18n.Relative(ctx, e.At.Go(), now)
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
