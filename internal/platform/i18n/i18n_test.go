package i18n

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

const (
	nb = "\u00a0"
	nn = "\u202f"
)

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func sample(t *testing.T) *Bundle {
	t.Helper()
	b, err := Load(files(
		"locales/en.json", `{"t":{"hello":"Hello {{.name}}","people":{"one":"{{.count}} person","other":"{{.count}} people"},
			"only_en":"English only","ask":"Is it {{.name}}?","size":"At most {{.max}} lines"}}`,
		"locales/fr.json", `{"t":{"hello":"Bonjour {{.name}}","people":{"one":"{{.count}} personne","many":"{{.count}} de personnes","other":"{{.count}} personnes"},
			"ask":"Est-ce {{.name}}`+nn+`?","size":"Au plus {{.max}} lignes"}}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func in(b *Bundle, lang string) context.Context {
	return With(context.Background(), b.For(lang, time.UTC))
}

func TestMessagesAreWrittenInTheLanguageOfTheContext(t *testing.T) {
	b := sample(t)
	for _, c := range []struct{ lang, want string }{
		{"en", "Hello Zoé"}, {"fr", "Bonjour Zoé"}, {"fr-CA", "Bonjour Zoé"}, {"fr-BE", "Bonjour Zoé"}, {"de", "Hello Zoé"}, {"", "Hello Zoé"},
	} {
		if got := T(in(b, c.lang), "t.hello", "name", "Zoé", "unused", 1); got != c.want {
			t.Errorf("%s: got %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestPluralFormsFollowTheLanguage(t *testing.T) {
	b := sample(t)
	for _, c := range []struct {
		lang string
		n    any
		want string
	}{
		{"fr", 0, "0 personne"}, {"fr", 1, "1 personne"}, {"fr", 1.5, "1,5 personne"}, {"fr", 2, "2 personnes"},
		{"fr", -1, "−1 personne"}, {"fr", 1234, "1" + nn + "234 personnes"},
		{"fr", 1_000_000, "1" + nn + "000" + nn + "000 de personnes"}, {"fr", 1_000_001, "1" + nn + "000" + nn + "001 personnes"},
		{"fr", int64(2_000_000), "2" + nn + "000" + nn + "000 de personnes"},
		{"fr-CA", 1_000_000, "1" + nb + "000" + nb + "000 de personnes"},
		{"en", 0, "0 people"}, {"en", 1, "1 person"}, {"en", 1.5, "1.5 people"}, {"en", uint8(2), "2 people"},
		{"en", 1_000_000, "1,000,000 people"},
	} {
		if got := N(in(b, c.lang), "t.people", c.n); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestAMapOfParametersChoosesItsPluralByCount(t *testing.T) {
	b := sample(t)
	if got := M(in(b, "fr"), "t.people", map[string]any{"count": float64(2)}); got != "2 personnes" {
		t.Errorf("got %q", got)
	}
	if got := M(in(b, "en"), "t.hello", map[string]any{"name": "Ada"}); got != "Hello Ada" {
		t.Errorf("got %q", got)
	}
}

func TestNumbersAmongTheParametersAreWrittenInTheLanguage(t *testing.T) {
	b := sample(t)
	if got := T(in(b, "fr"), "t.size", "max", 12000); got != "Au plus 12"+nn+"000 lignes" {
		t.Errorf("got %q", got)
	}
	if got := T(in(b, "en"), "t.size", "max", "12000"); got != "At most 12000 lines" {
		t.Errorf("text must stay as it is, got %q", got)
	}
}

func TestQuebecFrenchHasNoSpaceBeforeTallMarks(t *testing.T) {
	b := sample(t)
	if got := T(in(b, "fr"), "t.ask", "name", "lui"); got != "Est-ce lui"+nn+"?" {
		t.Errorf("France: got %q", got)
	}
	if got := T(in(b, "fr-CA"), "t.ask", "name", "lui !"); got != "Est-ce lui !?" {
		t.Errorf("Québec changes the sentence, never what it quotes: got %q", got)
	}
}

func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, want) {
			t.Errorf("panic %q does not say %q", got, want)
		}
	}()
	f()
}

func TestAStrictBundlePanicsOnWhatIsMissing(t *testing.T) {
	b := sample(t)
	panics(t, "the message is missing", func() { T(in(b, "en"), "t.none") })
	panics(t, "the message is missing", func() { T(in(b, "fr"), "t.only_en") })
	panics(t, `"name" is missing`, func() { T(in(b, "en"), "t.hello") })
	panics(t, `"name" is missing`, func() { T(in(b, "en"), "t.hello", "name", nil) })
	panics(t, "in pairs", func() { T(in(b, "en"), "t.hello", "name") })
	panics(t, "needs a count", func() { T(in(b, "en"), "t.people", "count", "x") })
	panics(t, "no Localizer", func() { T(context.Background(), "t.hello") })
}

func TestInProductionWhatIsMissingIsLoggedOnceAndReadable(t *testing.T) {
	var log bytes.Buffer
	b := sample(t).Strict(false).Logger(slog.New(slog.NewTextHandler(&log, nil)))
	for range 3 {
		if got := T(in(b, "fr"), "t.none"); got != "t.none" {
			t.Errorf("got %q", got)
		}
		if got := T(in(b, "fr"), "t.only_en"); got != "English only" {
			t.Errorf("got %q", got)
		}
		if got := T(in(b, "fr"), "t.hello"); got != "Bonjour …" {
			t.Errorf("got %q", got)
		}
	}
	if got := strings.Count(log.String(), "\n"); got != 3 {
		t.Errorf("%d lines logged, want 3:\n%s", got, log.String())
	}
}

func TestABundleServesManyReadersAtOnce(t *testing.T) {
	b := sample(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 50 {
				if got := N(in(b, Languages()[i%3]), "t.people", n); got == "" {
					t.Error("empty")
				}
			}
		})
	}
	wg.Wait()
}

func TestLoadRefusesWhatWouldBeLostInSilence(t *testing.T) {
	for name, c := range map[string]struct{ json, want string }{
		"reserved name":         {`{"a":{"description":"x"}}`, `"description" is reserved`},
		"reserved object":       {`{"a":{"many":{"x":"y"}}}`, `"many" is reserved`},
		"reserved, other case":  {`{"ID":"x"}`, `"ID" is reserved`},
		"form beside a message": {`{"a":{"one":"x","name":"y"}}`, `"one" is reserved`},
		"a lone form":           {`{"a":{"other":"x"}}`, `"other" is reserved`},
		"no other form":         {`{"a":{"one":"x","many":"y"}}`, `is reserved`},
		"empty text":            {`{"a":" "}`, `is empty`},
		"list":                  {`{"a":["x"]}`, `lists are not messages`},
		"number":                {`{"a":1}`, `neither a text`},
		"twice in a file":       {`{"a":"x","a":"y"}`, `written twice`},
		"twice by two ways":     {`{"a.b":"x"}`, `only letters`},
		"template function":     {`{"a":"{{printf .x}}"}`, `not defined`},
		"template path":         {`{"a":"{{.x.y}}"}`, `only {{.name}}`},
		"template condition":    {`{"a":"{{if .x}}y{{end}}"}`, `only {{.name}}`},
		"template definition":   {`{"a":"x{{define \"d\"}}y{{end}}"}`, `only {{.name}}`},
		"broken template":       {`{"a":"{{.x"}`, `cannot be read`},
		"text after the object": {`{"a":"x"} {}`, `after the end`},
		"not an object":         {`"x"`, `must be an object`},
		"not JSON":              {`{"a"`, `EOF`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(files("locales/en.json", c.json))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v does not say %q", err, c.want)
			}
		})
	}
	_, err := Load(files("en.json", `{"a":"x"}`), files("x/locales/en.json", `{"a":"y"}`))
	if err == nil || !strings.Contains(err.Error(), `already written in en.json`) {
		t.Errorf("a key of two packages: got %v", err)
	}
}

func TestNegotiationChoosesTheBestLanguageWeHave(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "fr": "fr", "fr-FR,fr;q=0.9,en;q=0.8": "fr", "fr-CA,fr;q=0.9": "fr-CA", "fr-ca": "fr-CA", "en-CA,fr-CA;q=0.9": "en",
		"de,fr;q=0.5,en;q=0.4": "fr", "de": "en", "en;q=0.1,fr;q=0.9": "fr", "fr;q=0,de": "en", "*": "en", ";;;": "en",
		"fr-BE": "fr", strings.Repeat("de-AT,", 200) + "fr": "en",
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ lang, got, want string }{
		{"fr", Decimal(in(sample(t), "fr"), 1234.5, 1), "1" + nn + "234,5"},
		{"en", Decimal(in(sample(t), "en"), 1234.5, 1), "1,234.5"},
		{"fr-CA", Decimal(in(sample(t), "fr-CA"), 1234.5, 1), "1" + nb + "234,5"},
		{"fr", Number(in(sample(t), "fr"), 999), "999"},
		{"fr", Number(in(sample(t), "fr"), int64(math.MinInt64)), "−9" + nn + "223" + nn + "372" + nn + "036" + nn + "854" + nn + "775" + nn + "808"},
		{"en", Number(in(sample(t), "en"), -1000), "−1,000"},
		{"en", Decimal(in(sample(t), "en"), -0.001, 2), "0.00"},
		{"en", Decimal(in(sample(t), "en"), math.NaN(), 2), "–"},
		{"fr", Percent(in(sample(t), "fr"), math.Inf(1), 0), "–"},
		{"fr", Percent(in(sample(t), "fr"), 0.41, 0), "41" + nb + "%"},
		{"en", Percent(in(sample(t), "en"), 0.4149, 1), "41.5%"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.lang, c.got, c.want)
		}
	}
}

func TestMoney(t *testing.T) {
	b := sample(t)
	for _, c := range []struct {
		lang     string
		minor    int64
		currency string
		full     string
		short    string
	}{
		{"fr", 4_800_000, "EUR", "48" + nn + "000,00" + nb + "€", "48" + nb + "k€"},
		{"en", 4_800_000, "EUR", "€48,000.00", "€48k"},
		{"fr-CA", 4_800_000, "CAD", "48" + nb + "000,00" + nb + "$", "48" + nb + "k$"},
		{"fr", 4_800_000, "CAD", "48" + nn + "000,00" + nb + "$CA", "48" + nb + "k$CA"},
		{"en", 4_800_000, "CAD", "CA$48,000.00", "CA$48k"},
		{"fr", 4_800_000, "CHF", "48" + nn + "000,00" + nb + "CHF", "48" + nb + "k" + nb + "CHF"},
		{"en", 4_800_000, "CHF", "CHF" + nb + "48,000.00", "CHF" + nb + "48k"},
		{"fr", 0, "EUR", "0,00" + nb + "€", "0" + nb + "€"},
		{"fr", 5, "EUR", "0,05" + nb + "€", "0" + nb + "€"},
		{"en", -123_45, "EUR", "−€123.45", "−€123"},
		{"fr", 999_49, "EUR", "999,49" + nb + "€", "999" + nb + "€"},
		{"fr", 999_50, "EUR", "999,50" + nb + "€", "1" + nb + "k€"},
		{"fr", 1_250_00, "EUR", "1" + nn + "250,00" + nb + "€", "1,3" + nb + "k€"},
		{"en", 9_960_00, "EUR", "€9,960.00", "€10k"},
		{"en", 999_600_00, "EUR", "€999,600.00", "€1M"},
		{"fr", 1_200_000_00, "EUR", "1" + nn + "200" + nn + "000,00" + nb + "€", "1,2" + nb + "M€"},
		{"fr", 3_000_000_000_00, "EUR", "3" + nn + "000" + nn + "000" + nn + "000,00" + nb + "€", "3" + nb + "Md€"},
		{"en", 5000, "JPY", "JPY" + nb + "5,000", "JPY" + nb + "5k"},
		{"en", 5000, "TND", "TND" + nb + "5.000", "TND" + nb + "5"},
		{"en", math.MinInt64, "EUR", "−€92,233,720,368,547,758.08", "−€92,233,720B"},
	} {
		if got := Money(in(b, c.lang), c.minor, c.currency); got != c.full {
			t.Errorf("%s %d %s: got %q, want %q", c.lang, c.minor, c.currency, got, c.full)
		}
		if got := MoneyShort(in(b, c.lang), c.minor, c.currency); got != c.short {
			t.Errorf("short %s %d %s: got %q, want %q", c.lang, c.minor, c.currency, got, c.short)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestDatesAreThoseOfThePersonsZone(t *testing.T) {
	paris, montreal := zone(t, "Europe/Paris"), zone(t, "America/Montreal")
	b := sample(t)
	at := time.Date(2026, 11, 24, 8, 5, 0, 0, time.UTC)
	fr, en, ca := b.For("fr", paris), b.For("en", paris), b.For("fr-CA", montreal)
	for _, c := range []struct{ got, want string }{
		{fr.Date(at), "24 nov. 2026"}, {en.Date(at), "24 Nov 2026"},
		{fr.DateLong(at), "mardi 24 novembre"}, {en.DateLong(at), "Tuesday 24 November"},
		{fr.Time(at), "9" + nb + "h" + nb + "05"}, {en.Time(at), "9:05"}, {ca.Time(at), "3" + nb + "h" + nb + "05"},
		{fr.DateTime(at), "24 nov. 2026, 9" + nb + "h" + nb + "05"}, {en.DateTime(at), "24 Nov 2026, 9:05"},
		{fr.Exact(at), "mardi 24 novembre 2026, 9" + nb + "h" + nb + "05 UTC+1"},
		{ca.Exact(at), "mardi 24 novembre 2026, 3" + nb + "h" + nb + "05 UTC−5"},
		{en.In(zone(t, "Asia/Kolkata")).Exact(at), "Tuesday 24 November 2026, 13:35 UTC+5:30"},
		{en.In(time.UTC).Exact(at), "Tuesday 24 November 2026, 8:05 UTC"},
		{fr.Date(time.Date(2026, 9, 30, 23, 30, 0, 0, time.UTC)), "1er oct. 2026"},
		{en.DateLong(time.Date(2026, 9, 30, 23, 30, 0, 0, time.UTC)), "Thursday 1 October"},
		{fr.Month(at), "novembre 2026"}, {fr.Day("2026-03-01"), "1er mars 2026"}, {ca.Day("2026-03-01"), "1er mars 2026"}, {en.Day("soon"), "soon"},
		{fr.Date(time.Time{}), "–"}, {fr.DateTime(time.Time{}), "–"}, {fr.Exact(time.Time{}), "–"}, {fr.Relative(time.Time{}, at), "–"},
		// The hour that exists twice, on the last Sunday of October: told apart by the offset.
		{fr.Exact(time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)), "dimanche 25 octobre 2026, 2" + nb + "h" + nb + "30 UTC+2"},
		{fr.Exact(time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)), "dimanche 25 octobre 2026, 2" + nb + "h" + nb + "30 UTC+1"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestShortDaysNameTheYearOnlyWhereItIsAnother(t *testing.T) {
	b := sample(t)
	fr, en, ca := b.For("fr", zone(t, "Europe/Paris")), b.For("en", nil), b.For("fr-CA", zone(t, "America/Montreal"))
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	eve := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) // in Paris the next year has begun
	for _, c := range []struct{ got, want string }{
		{fr.ShortDay("2026-11-24", now), "24 nov."}, {en.ShortDay("2026-11-24", now), "24 Nov"}, {ca.ShortDay("2026-03-01", now), "1er mars"},
		{fr.ShortDay("2027-01-04", now), "4 janv. 2027"}, {fr.ShortDay("2025-12-31", now), "31 déc. 2025"},
		{fr.ShortDay("2027-01-04", eve), "4 janv."}, {en.ShortDay("2027-01-04", eve), "4 Jan 2027"}, {ca.ShortDay("2026-12-31", eve), "31 déc."},
		{fr.ShortWeekday("2026-11-24", now), "mar. 24 nov."}, {en.ShortWeekday("2026-11-24", now), "Tue 24 Nov"}, {fr.ShortWeekday("2027-01-04", now), "lun. 4 janv. 2027"},
		{fr.ShortDay("soon", now), "soon"}, {fr.ShortWeekday("soon", now), "soon"}, {fr.ShortDay("2026-11-24", time.Time{}), "24 nov. 2026"},
		{ShortDay(WithNow(With(t.Context(), fr), now), "2026-11-24"), "24 nov."}, {ShortDay(With(t.Context(), fr), "2026-11-24"), "24 nov. 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestRelativeTimesCountTheDaysOfThePerson(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	b := sample(t)
	fr, en := b.For("fr", paris), b.For("en", paris)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, paris)
	for _, c := range []struct {
		at     time.Time
		fr, en string
	}{
		{now.Add(-30 * time.Second), "à l’instant", "now"},
		{now.Add(-25 * time.Minute), "25" + nb + "min", "25" + nb + "min"},
		{now.Add(-3 * time.Hour), "3" + nb + "h", "3" + nb + "h"},
		{now.Add(-10 * time.Hour), "10" + nb + "h", "10" + nb + "h"},
		{now.Add(-13 * time.Hour), "hier", "yesterday"},
		{now.Add(-32 * time.Hour), "hier", "yesterday"},
		{now.Add(-34 * time.Hour), "2" + nb + "j", "2" + nb + "d"},
		{now.AddDate(0, 0, -7), "7" + nb + "j", "7" + nb + "d"},
		{now.AddDate(0, 0, -8), "16 nov. 2026", "16 Nov 2026"},
		{now.Add(25 * time.Minute), "dans 25" + nb + "min", "in 25" + nb + "min"},
		{now.Add(14 * time.Hour), "dans 14" + nb + "h", "in 14" + nb + "h"},
		{now.Add(24 * time.Hour), "demain", "tomorrow"},
		{now.AddDate(0, 0, 3), "dans 3" + nb + "j", "in 3" + nb + "d"},
		{now.AddDate(0, 0, 8), "2 déc. 2026", "2 Dec 2026"},
	} {
		if got := fr.Relative(c.at, now); got != c.fr {
			t.Errorf("%v: got %q, want %q", c.at, got, c.fr)
		}
		if got := en.Relative(c.at, now); got != c.en {
			t.Errorf("%v: got %q, want %q", c.at, got, c.en)
		}
	}
	// The night of 25 October has 25 hours, that of 29 March 23: yesterday stays yesterday.
	for _, now := range []time.Time{time.Date(2026, 10, 26, 0, 30, 0, 0, paris), time.Date(2026, 3, 30, 0, 30, 0, 0, paris)} {
		y, m, d := now.Date()
		if got := fr.Relative(time.Date(y, m, d-1, 0, 10, 0, 0, paris), now); got != "hier" {
			t.Errorf("%v: got %q", now, got)
		}
		if got := fr.Relative(time.Date(y, m, d-2, 23, 50, 0, 0, paris), now); got != "2"+nb+"j" {
			t.Errorf("%v: got %q", now, got)
		}
	}
}

func TestRemainingTurnsIntoOverdue(t *testing.T) {
	b := sample(t)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		left time.Duration
		want string
	}{
		{3*time.Hour + 20*time.Minute, "3" + nb + "h"}, {47 * time.Hour, "47" + nb + "h"}, {49 * time.Hour, "2" + nb + "j"}, {0, "0" + nb + "min"},
		{-25 * time.Minute, "+" + nb + "25" + nb + "min"}, {-50 * time.Hour, "+" + nb + "2" + nb + "j"},
	} {
		if got := Remaining(in(b, "fr"), now.Add(c.left), now); got != c.want {
			t.Errorf("%v: got %q, want %q", c.left, got, c.want)
		}
	}
	if got := Remaining(in(b, "fr"), time.Time{}, now); got != "–" {
		t.Errorf("got %q", got)
	}
}

func TestListsQuotesAndOrder(t *testing.T) {
	b := sample(t)
	fr, en := in(b, "fr"), in(b, "en")
	for _, c := range []struct{ got, want string }{
		{List(fr), ""}, {List(fr, "a"), "a"}, {List(fr, "a", "b"), "a et b"}, {List(fr, "a", "b", "c"), "a, b et c"}, {List(en, "a", "b", "c"), "a, b and c"},
		{Quote(fr, "oui"), "«" + nb + "oui" + nb + "»"}, {Quote(en, "yes"), "“yes”"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	want := []string{"Abel", "cote", "coté", "côte", "etienne", "Étienne", "zèbre"}
	for _, ctx := range []context.Context{fr, en} {
		got := []string{"zèbre", "côte", "Étienne", "coté", "Abel", "etienne", "cote"}
		SortBy(ctx, got, func(s string) string { return s })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v", Lang(ctx), got)
		}
	}
}
