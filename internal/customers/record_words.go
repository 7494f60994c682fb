package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
)

// i18n: customers.field.* customers.choice.* customers.group.*

// Names are what the ids inside values are called: colleagues, business units,
// regions, accounts and contacts. An id that the reader may not read has no name.
type Names map[string]string

// fieldLabel is what a field is called by the reader.
func fieldLabel(ctx context.Context, f Field) string {
	if f.Custom != nil {
		return f.Custom.Name(i18n.Lang(ctx))
	}
	return i18n.T(ctx, "customers.field."+f.Name)
}

// groupLabel is what a card of the form is called.
func groupLabel(ctx context.Context, group string) string {
	return i18n.T(ctx, "customers.group."+group)
}

// choiceLabel is what one choice of a field is called. The choices of an own
// field are in its organisation's words.
func choiceLabel(ctx context.Context, f Field, code string) string {
	if f.Custom != nil {
		return code
	}
	if key := choiceKey(f, code); i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return code
}

// choiceKey is the message key of a choice. The message format keeps the word
// "other" for itself.
func choiceKey(f Field, code string) string {
	if code == "other" {
		code = "another"
	}
	return "customers.choice." + f.Name + "." + code
}

// pointLabel is what the label of an address or a number is called: one of
// ours, else the words of whoever gave it.
func pointLabel(ctx context.Context, f Field, label string) string {
	if label == "" {
		return ""
	}
	return choiceLabel(ctx, f, label)
}

// valueText writes a canonical value for people, on one line; long texts keep
// theirs. An amount is in euros: recordText knows the currency of its record.
func valueText(ctx context.Context, f Field, value string, names Names) string {
	return strings.Join(valueTexts(ctx, f, value, names), ", ")
}

// valueTexts writes each of the things that a value holds.
func valueTexts(ctx context.Context, f Field, value string, names Names) []string {
	if value == "" {
		return nil
	}
	if !f.Several() {
		return []string{oneText(ctx, f, value, names)}
	}
	var out []string
	for l := range strings.SplitSeq(value, "\n") {
		out = append(out, oneText(ctx, f, l, names))
	}
	return out
}

func oneText(ctx context.Context, f Field, v string, names Names) string {
	switch f.Type {
	case Choice, Choices:
		return choiceLabel(ctx, f, v)
	case Emails:
		return PointOf("email", v).Value
	case Phones:
		return phoneText(ctx, PointOf("phone", v))
	case Number:
		return numberText(ctx, v)
	case Whole:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return v
		}
		return i18n.Number(ctx, n)
	case Money:
		return moneyText(ctx, v, "")
	case Date:
		return i18n.Day(ctx, v)
	case Instant:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n == 0 {
			return ""
		}
		return i18n.Date(ctx, db.Time(n).Go())
	case Language:
		return i18n.LanguageName(ctx, v)
	case Country:
		return i18n.CountryName(ctx, v)
	case Person, Unit, Region, Account, AnyRef:
		if name := names[v]; name != "" {
			return name
		}
		return i18n.T(ctx, "customers.record.unknown")
	}
	return v
}

// phoneText writes a number as the reader dials it; what is no number stays as
// it was typed.
func phoneText(ctx context.Context, p Point) string {
	if p.State == "invalid" || !strings.HasPrefix(p.Value, "+") {
		return p.Shown()
	}
	return FormatPhone(p.Value, readerCountry(ctx))
}

// readerCountry is the country in whose way numbers are written for the reader.
func readerCountry(ctx context.Context) string {
	switch i18n.Lang(ctx) {
	case i18n.French:
		return "FR"
	case i18n.FrenchOfQuebec:
		return "CA"
	}
	return ""
}

// moneyText writes canonical money in a currency; the euro where none is named.
func moneyText(ctx context.Context, v, currency string) string {
	if currency == "" {
		currency = "EUR"
	}
	return i18n.Money(ctx, textCents(v), currency)
}

func numberText(ctx context.Context, v string) string {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return v
	}
	_, fraction, _ := strings.Cut(v, ".")
	return i18n.Decimal(ctx, n, min(len(fraction), 6))
}

// recordText writes the value of a field of a record; money in the currency
// that the record names.
func recordText(ctx context.Context, f Field, v Values, names Names) string {
	if f.Type == Money && v[f.Name] != "" {
		return moneyText(ctx, v[f.Name], v["currency"])
	}
	return valueText(ctx, f, v[f.Name], names)
}

// NamesOf tells what the ids inside the values of some records are called, in
// a fixed number of reads whatever their number. What the actor may not read
// stays without a name.
func (s *Service) NamesOf(ctx context.Context, sch *Schema, all ...Values) (Names, error) {
	out := Names{}
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		return s.names(ctx, r, sch, out, all)
	})
	return out, err
}

func (s *Service) names(ctx context.Context, r db.Reader, sch *Schema, out Names, all []Values) error {
	var people, accounts, others []string
	var structure bool
	seen := map[string]bool{}
	for _, v := range all {
		for _, f := range sch.Fields {
			id := v[f.Name]
			if id == "" || seen[id] {
				continue
			}
			switch f.Type {
			case Person:
				people = append(people, id)
			case Account:
				accounts = append(accounts, id)
			case AnyRef:
				others = append(others, id)
			case Unit, Region:
				structure = true
				continue
			default:
				continue
			}
			seen[id] = true
		}
	}
	if err := selectPeopleNames(ctx, r, people, out); err != nil {
		return err
	}
	if structure {
		_, st, err := s.team.Company(ctx)
		if err != nil {
			return err
		}
		for _, u := range st.Units {
			out[u.ID] = u.Name
		}
		for _, g := range st.Regions {
			out[g.ID] = g.Name
		}
	}
	scope := auth.From(ctx).Scope
	if err := selectTitles(ctx, r, scope, KindAccount, slices.Concat(accounts, others), out); err != nil {
		return err
	}
	return selectTitles(ctx, r, scope, KindContact, others, out)
}
