package auth

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Status says whether a person may come in.
type Status string

// The states of a person. Only Active ones act; what they left behind stays.
const (
	Invited  Status = "invited"  // has not chosen a password yet
	Active   Status = "active"   // may sign in
	Disabled Status = "disabled" // has left; comes back by Enable only
)

// User is somebody who may sign in.
type User struct {
	ID          string
	Email       string
	GivenName   string
	FamilyName  string
	Status      Status
	ExpiresAt   db.Time // guests: from then on he is nobody; zero: never
	Prefs       Prefs
	Roles       []Role // sorted
	HasPassword bool
	HasFactor   bool  // a second factor is set up
	Rights      int64 // grows with each change of roles, status or expiry
	Epoch       int64 // grows whenever all that lets the person in ends: sessions of an older one are dead
	SeenAt      db.Time
	Version     int64
	CreatedAt   db.Time
	UpdatedAt   db.Time
}

// Name is the full name, given name first.
func (u User) Name() string { return strings.TrimSpace(u.GivenName + " " + u.FamilyName) }

// Acts tells whether the person may act at the instant now.
func (u User) Acts(now db.Time) bool {
	return u.Status == Active && (u.ExpiresAt.IsZero() || now < u.ExpiresAt)
}

// NewUser is what is needed to let somebody in.
type NewUser struct {
	ID         string // given by demonstration data only; empty: a new one
	Email      string
	GivenName  string
	FamilyName string
	Roles      []Role
	ExpiresAt  time.Time // zero: never
	Language   string    // "en", "fr", "fr-CA"
	TimeZone   string    // IANA name
}

// Clean brings n into the form in which it is kept and tells what is wrong with it.
func (n *NewUser) Clean(known []Role, now time.Time) error {
	var f errs.Fields
	n.Email = cleanEmail(&f, n.Email)
	n.GivenName = cleanName(&f, "given_name", n.GivenName)
	n.FamilyName = cleanName(&f, "family_name", n.FamilyName)
	n.Roles = cleanRoles(&f, n.Roles, known)
	p := Prefs{Language: n.Language, TimeZone: n.TimeZone}
	p.clean(&f)
	if !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now) {
		f.Add("expires_at", "auth.error.expiry_past")
	}
	if slices.Contains(n.Roles, Guest) && n.ExpiresAt.IsZero() {
		f.Add("expires_at", "auth.error.guest_needs_end")
	}
	return f.Err()
}

// Roles of the policy file that the program itself knows by name.
const (
	Administrator Role = "administrator"
	Guest         Role = "guest" // outsiders: their access always ends
)

func cleanRoles(f *errs.Fields, roles, known []Role) []Role {
	out := slices.Clone(roles)
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 {
		f.Add("roles", "auth.error.role_needed")
	}
	for _, r := range out {
		if !slices.Contains(known, r) {
			f.Add("roles", "auth.error.role_unknown", "role", string(r))
		}
	}
	return out
}

// cleanName takes a person's name as it is written, without the characters that
// would break a mail header or a log line.
func cleanName(f *errs.Fields, field, name string) string {
	name = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	switch {
	case name == "":
		f.Add(field, "errors.required")
	case len([]rune(name)) > 100:
		f.Add(field, "errors.too_long", "max", 100)
	case strings.ContainsFunc(name, forbidden) || strings.ContainsAny(name, "<>\"@\\"):
		f.Add(field, "auth.error.name_signs")
	}
	return name
}

// forbidden tells of control characters and of those that turn the direction of
// text or hide in it: with them one name can be made to look like another.
func forbidden(r rune) bool {
	return unicode.IsControl(r) || (unicode.Is(unicode.Cf, r) && r != '\u200d') || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029'
}

func cleanEmail(f *errs.Fields, email string) string {
	email = strings.TrimSpace(email)
	if email == "" {
		f.Add("email", "errors.required")
		return ""
	}
	clean, ok := parseEmail(email)
	if !ok {
		f.Add("email", "auth.error.email")
		return email
	}
	return clean
}

// parseEmail takes a plain address: ASCII before the @, a domain with a dot
// after it, written in its ASCII form. It takes no quotes, comments, or
// characters that only look like others, so that two addresses are the same
// exactly when their keys are.
func parseEmail(s string) (string, bool) {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(local) > 64 || strings.Contains(domain, "@") {
		return "", false
	}
	for _, r := range local {
		if r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)) {
			return "", false
		}
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(strings.Trim(domain, "."), ".") || len(domain) > 253 {
		return "", false
	}
	email := local + "@" + domain
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 {
		return "", false
	}
	return email, true
}

// emailKey is the form in which addresses are compared.
func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// clean checks preferences; an empty language or zone is the default.
func (p *Prefs) clean(f *errs.Fields) {
	if p.Language == "" {
		p.Language = "en"
	}
	if !slices.Contains([]string{"en", "fr", "fr-CA"}, p.Language) {
		f.Add("language", "auth.error.language")
	}
	if !slices.Contains([]string{"", "light", "dark"}, p.Theme) {
		f.Add("theme", "auth.error.theme")
	}
	if p.TimeZone != "" {
		if _, err := time.LoadLocation(p.TimeZone); err != nil || len(p.TimeZone) > 60 || p.TimeZone == "Local" {
			f.Add("time_zone", "auth.error.time_zone")
		}
	}
}

func nameKey(given, family string) string { return db.Fold(given + " " + family) }
func sortKey(given, family string) string { return db.SortKey(family + " " + given) }
