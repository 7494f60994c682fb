package customers

import (
	"regexp"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// CustomField is a field of the organisation's own. Every one of them names who
// reads it and says why it is asked: a field without a reader is a burden.
type CustomField struct {
	ID         string
	Kind       Kind
	Code       string // x_budget
	NameEN     string
	NameFR     string
	Type       Type
	Choices    []string
	Reader     auth.Role
	WhyEN      string
	WhyFR      string
	Place      int64
	UsedAt     db.Time // when somebody last filtered, listed or exported it
	ArchivedAt db.Time
	Version    int64
}

// CustomTypes lists what a custom field may hold.
func CustomTypes() []Type {
	return []Type{Text, Number, Money, Date, Choice, Choices, Person, Account, URL}
}

var customCode = regexp.MustCompile(`^x_[a-z][a-z0-9_]{0,36}$`)

// Validate tells what is wrong with the definition itself.
func (c CustomField) Validate() error {
	var wrong errs.Fields
	if !c.Kind.Valid() {
		wrong.Add("record", "customers.errors.choose")
	}
	if !customCode.MatchString(c.Code) {
		wrong.Add("code", "customers.errors.custom_code")
	}
	for name, v := range map[string]string{"name_en": c.NameEN, "name_fr": c.NameFR, "why_en": c.WhyEN, "why_fr": c.WhyFR} {
		if strings.TrimSpace(v) == "" {
			wrong.Add(name, "errors.required")
		}
	}
	if !slices.Contains(CustomTypes(), c.Type) {
		wrong.Add("type", "customers.errors.choose")
	}
	if (c.Type == Choice || c.Type == Choices) && len(c.Choices) == 0 {
		wrong.Add("choices", "customers.errors.custom_choices")
	}
	if c.Reader == "" {
		wrong.Add("reader", "customers.errors.custom_reader")
	}
	slices.SortFunc(wrong, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	return wrong.Err()
}

// CodeFor proposes the code of a custom field from its name.
func CodeFor(name string) string {
	var b strings.Builder
	for _, r := range db.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	code := strings.Trim(b.String(), "_0123456789")
	if len(code) > 36 {
		code = strings.TrimRight(code[:36], "_")
	}
	if code == "" {
		return ""
	}
	return "x_" + code
}

// Field gives it as one field among the others.
func (c *CustomField) Field() Field {
	limit := 0
	if c.Type == Text {
		limit = 1000
	}
	return Field{Name: c.Code, Type: c.Type, Group: "custom", Max: limit, Choices: c.Choices, List: true, Set: true, Custom: c}
}

// Name gives its name in a language.
func (c *CustomField) Name(lang string) string {
	if strings.HasPrefix(lang, "fr") {
		return c.NameFR
	}
	return c.NameEN
}

// Why says in a language why it is asked.
func (c *CustomField) Why(lang string) string {
	if strings.HasPrefix(lang, "fr") {
		return c.WhyFR
	}
	return c.WhyEN
}
