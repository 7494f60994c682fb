package customers

import (
	"context"
	"testing"
	"time"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

func inLang(lang string) context.Context {
	bundle := i18n.MustLoad(Locales(), ui.Locales()).Strict(true)
	return i18n.With(context.Background(), bundle.For(lang, time.UTC))
}

func TestEveryFieldAndChoiceHasWordsInBothLanguages(t *testing.T) {
	for _, lang := range []string{i18n.English, i18n.French} {
		ctx := inLang(lang)
		for _, k := range Kinds() {
			for _, f := range FieldsOf(k) {
				fieldLabel(ctx, f)
				groupLabel(ctx, f.Group)
				for _, c := range f.Choices {
					if !i18n.Has(ctx, choiceKey(f, c)) {
						t.Errorf("%s: %s of %s has no words", lang, c, f.Name)
					}
				}
				if f.Type == Emails || f.Type == Phones {
					for _, l := range PointLabels(pointKind(f.Type)) {
						if pointLabel(ctx, f, l) == l {
							t.Errorf("%s: label %s of %s has no words", lang, l, f.Name)
						}
					}
				}
			}
		}
	}
}

func TestValuesAreWrittenForPeople(t *testing.T) {
	account, contact := NewSchema(KindAccount, nil), NewSchema(KindContact, nil)
	names := Names{"u1": "Yann Le Goff", "a1": "Laiteries du Bocage"}
	own := CustomField{Kind: KindAccount, Code: "x_line", Type: Choices, NameEN: "Line", NameFR: "Ligne"}
	for _, c := range []struct {
		sch      *Schema
		field, v string
		en, fr   string
	}{
		{sch: account, field: "name", v: "Bocage", en: "Bocage", fr: "Bocage"},
		{sch: account, field: "relations", v: "customer\nsupplier", en: "Customer, Supplier", fr: "Client, Fournisseur"},
		{sch: account, field: "country", v: "DE", en: "Germany", fr: "Allemagne"},
		{sch: account, field: "language", v: "fr", en: "French", fr: "français"},
		{sch: account, field: "employees", v: "1340", en: "1,340", fr: "1\u202f340"},
		{sch: account, field: "sales", v: "u1", en: "Yann Le Goff", fr: "Yann Le Goff"},
		{sch: account, field: "sales", v: "u2", en: "not shown to you", fr: "non visible pour vous"},
		{sch: account, field: "emails", v: "a@b.example\twork\tA@b.example\nc@d.example", en: "a@b.example, c@d.example", fr: "a@b.example, c@d.example"},
		{sch: account, field: "phones", v: "+33231000000\t\t02 31 00 00 00", en: "+33\u00a02\u00a031\u00a000\u00a000\u00a000", fr: "02\u00a031\u00a000\u00a000\u00a000"},
		{sch: account, field: "phones", v: "poste 12\t\t\tinvalid", en: "poste 12", fr: "poste 12"},
		{sch: account, field: "revenue", v: "1250.50", en: "€1,250.50", fr: "1\u202f250,50\u00a0€"},
		{sch: contact, field: "informed_on", v: "2026-11-24", en: i18n.Day(inLang("en"), "2026-11-24"), fr: i18n.Day(inLang("fr"), "2026-11-24")},
		{sch: contact, field: "last_touch", v: "0", en: "", fr: ""},
		{sch: account, field: "name", v: "", en: "", fr: ""},
	} {
		f, ok := c.sch.Field(c.field)
		if !ok {
			t.Fatal(c.field)
		}
		if got := valueText(inLang("en"), f, c.v, names); got != c.en {
			t.Errorf("en %s %q: %q, want %q", c.field, c.v, got, c.en)
		}
		if got := valueText(inLang("fr"), f, c.v, names); got != c.fr {
			t.Errorf("fr %s %q: %q, want %q", c.field, c.v, got, c.fr)
		}
	}
	if f := own.Field(); fieldLabel(inLang("fr"), f) != "Ligne" || fieldLabel(inLang("en"), f) != "Line" || valueText(inLang("fr"), f, "Bio\nVrac", nil) != "Bio, Vrac" {
		t.Error("the words of an own field are its organisation's")
	}
	f, _ := account.Field("revenue")
	if got := recordText(inLang("en"), f, Values{"revenue": "10.00", "currency": "CAD"}, nil); got != i18n.Money(inLang("en"), 1000, "CAD") {
		t.Error(got)
	}
}
