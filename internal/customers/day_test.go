package customers

import (
	"testing"
	"time"
	"unicode/utf8"
)

func TestDaysAreReadAsFilesWriteThem(t *testing.T) {
	for _, c := range []struct {
		typed string
		order DayOrder
		want  string
	}{
		{"2026-11-24", DayFirst, "2026-11-24"}, {"2026-11-24", MonthFirst, "2026-11-24"}, {"2026.11.24", DayFirst, "2026-11-24"},
		{"2026/11/24", DayFirst, "2026-11-24"}, {"20261124", DayFirst, "2026-11-24"}, {"24112026", DayFirst, "2026-11-24"},
		{"11242026", MonthFirst, "2026-11-24"}, {"24/11/2026", DayFirst, "2026-11-24"}, {"24.11.2026", DayFirst, "2026-11-24"},
		{"24-11-2026", DayFirst, "2026-11-24"}, {"4/1/26", DayFirst, "2026-01-04"}, {"4/1/26", MonthFirst, "2026-04-01"},
		{"24. 11. 2026", DayFirst, "2026-11-24"}, {"24 11 2026", DayFirst, "2026-11-24"},
		{"11/24/2026", MonthFirst, "2026-11-24"}, {"11/24/2026", DayFirst, ""}, {"24/11/2026", MonthFirst, ""},
		{"26/11/24", YearFirst, "2026-11-24"}, {"24/11/26", DayFirst, "2026-11-24"}, {"01/02/69", DayFirst, "2069-02-01"}, {"01/02/70", DayFirst, "1970-02-01"},
		{"24 novembre 2026", DayFirst, "2026-11-24"}, {"24 nov. 26", DayFirst, "2026-11-24"}, {"Nov 24, 2026", DayFirst, "2026-11-24"},
		{"November 24, 2026", DayFirst, "2026-11-24"}, {"mardi 24 novembre 2026", MonthFirst, "2026-11-24"}, {"1er décembre 2026", DayFirst, "2026-12-01"},
		{"le 1er août 2026", DayFirst, "2026-08-01"}, {"24th of November 2026", DayFirst, "2026-11-24"}, {"24-Nov-26", DayFirst, "2026-11-24"},
		{"24-nov.-2026", DayFirst, "2026-11-24"}, {"Tue, 24 Nov 2026 10:00:00 +0100", DayFirst, "2026-11-24"}, {"2026 Nov 24", DayFirst, "2026-11-24"},
		{"24/NOV/2026", DayFirst, "2026-11-24"}, {"24 FÉVRIER 2026", DayFirst, "2026-02-24"},
		{"2026-11-24T10:00:00Z", DayFirst, "2026-11-24"}, {"2026-11-24 23:59:59.999", DayFirst, "2026-11-24"}, {"2018.02.26 19:58", DayFirst, "2018-02-26"},
		{"2/26/2018 19:58", MonthFirst, "2018-02-26"}, {"24/11/2026 à 19 h 58", DayFirst, "2026-11-24"}, {"24/11/2026 09h05", DayFirst, "2026-11-24"},
		{"11/24/2026 7:58 PM", MonthFirst, "2026-11-24"}, {"11/24/2026, 7:58:03 PM", MonthFirst, "2026-11-24"}, {"2026-11-24T10:00:00+01:00", DayFirst, "2026-11-24"},
		{"2015-12-23T01:00:00+01:00", DayFirst, "2015-12-23"}, {"20261124T100000Z", DayFirst, "2026-11-24"},
		{"45631", ExcelDays, "2024-12-05"}, {"45631,75", ExcelDays, "2024-12-05"}, {"45631.0", ExcelDays, "2024-12-05"}, {"1", ExcelDays, "1900-01-01"},
		{"59", ExcelDays, "1900-02-28"}, {"60", ExcelDays, ""}, {"61", ExcelDays, "1900-03-01"}, {"2026-11-24", ExcelDays, "2026-11-24"}, {"0", ExcelDays, ""},
		{"45631", DayFirst, ""}, {"05.jan", DayFirst, ""}, {"20.máj", DayFirst, ""}, {"May-20", DayFirst, ""}, {"5-20", DayFirst, ""}, {"jan", DayFirst, ""},
		{"Nov 2026", DayFirst, ""}, {"2026", DayFirst, ""}, {"2026-11", DayFirst, ""}, {"29/02/2026", DayFirst, ""}, {"29/02/2028", DayFirst, "2028-02-29"},
		{"31/04/2026", DayFirst, ""}, {"0000-00-00", DayFirst, ""}, {"00/00/0000", DayFirst, ""}, {"24/11-2026", DayFirst, ""}, {"", DayFirst, ""},
		{"demain", DayFirst, ""}, {"24/11/2026 rue", DayFirst, ""}, {"24/11/2026 12", DayFirst, ""}, {"2026-11-24 25:00", DayFirst, ""}, {"06 12 34 56 78", DayFirst, ""},
		{"192.168.0.1", DayFirst, ""}, {"1.2.3", DayFirst, ""}, {"24 de noviembre de 2026", DayFirst, "2026-11-24"}, {"3 Mar 1999", DayFirst, "1999-03-03"},
	} {
		if got, ok := ParseDay(c.typed, c.order); got != c.want || ok != (c.want != "") {
			t.Errorf("ParseDay(%q, %s) = %q %v, want %q", c.typed, c.order, got, ok, c.want)
		}
	}
}

func TestInstantsAreReadAsFilesWriteThem(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typed string
		order DayOrder
		loc   *time.Location
		want  string
	}{
		{"2026-11-24T10:00:00Z", DayFirst, paris, "2026-11-24T10:00:00Z"}, {"2026-11-24 10:00", DayFirst, paris, "2026-11-24T09:00:00Z"},
		{"2026-07-24 10:00", DayFirst, paris, "2026-07-24T08:00:00Z"}, {"2026-11-24 10:00", DayFirst, nil, "2026-11-24T10:00:00Z"},
		{"24/11/2026", DayFirst, paris, "2026-11-23T23:00:00Z"}, {"24/11/2026 19 h 58", DayFirst, nil, "2026-11-24T19:58:00Z"},
		{"24/11/2026 9h", DayFirst, nil, "2026-11-24T09:00:00Z"}, {"24/11/2026 à 09h05", DayFirst, nil, "2026-11-24T09:05:00Z"},
		{"11/24/2026 7:58 PM", MonthFirst, nil, "2026-11-24T19:58:00Z"}, {"11/24/2026 12:05:06 am", MonthFirst, nil, "2026-11-24T00:05:06Z"},
		{"11/24/2026 12:00 p.m.", MonthFirst, nil, "2026-11-24T12:00:00Z"}, {"Nov 24, 2026 7 PM", MonthFirst, nil, "2026-11-24T19:00:00Z"},
		{"2026-11-24T10:00:00.25+01:00", DayFirst, nil, "2026-11-24T09:00:00.25Z"}, {"2026-11-24 10:00:00 -0500", DayFirst, paris, "2026-11-24T15:00:00Z"},
		{"2026-11-24 10:00:00 UTC", DayFirst, paris, "2026-11-24T10:00:00Z"}, {"2026-11-24 10:00 GMT+2", DayFirst, nil, "2026-11-24T08:00:00Z"},
		{"20261124T100000Z", DayFirst, nil, "2026-11-24T10:00:00Z"}, {"2018.02.26 19:58", DayFirst, nil, "2018-02-26T19:58:00Z"},
		{"45631.75", ExcelDays, nil, "2024-12-05T18:00:00Z"}, {"45631,5", ExcelDays, paris, "2024-12-05T11:00:00Z"},
		{"Tue, 24 Nov 2026 10:00:00 +0100", DayFirst, nil, "2026-11-24T09:00:00Z"}, {"2026-11-24 24:00", DayFirst, nil, "2026-11-24T23:59:59Z"},
		{"2026-11-24 10:00 CET", DayFirst, nil, ""}, {"2026-11-24 13:00 PM", DayFirst, nil, ""}, {"2026-11-24 10", DayFirst, nil, ""},
		{"2026-11-24 10:", DayFirst, nil, ""}, {"2026-11-24 10:00 +99", DayFirst, nil, ""}, {"", DayFirst, nil, ""},
	} {
		got, ok := ParseInstant(c.typed, c.order, c.loc)
		if ok != (c.want != "") || ok && got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("ParseInstant(%q, %s) = %s %v, want %s", c.typed, c.order, got.Format(time.RFC3339Nano), ok, c.want)
		}
	}
}

func TestTheOrderOfAColumnIsGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		samples []string
		order   DayOrder
		sure    bool
	}{
		"french":         {[]string{"04/03/2026", "24/11/2026", ""}, DayFirst, true},
		"american":       {[]string{"04/03/2026", "11/24/2026"}, MonthFirst, true},
		"both possible":  {[]string{"04/03/2026", "05/06/2026"}, DayFirst, false},
		"mixed":          {[]string{"24/11/2026", "11/25/2026", "23/11/2026"}, DayFirst, false},
		"iso":            {[]string{"2026-11-24", "2026-04-03"}, YearFirst, true},
		"hungarian":      {[]string{"2018.02.26 19:58"}, YearFirst, true},
		"german":         {[]string{"04.03.2026"}, DayFirst, true},
		"two-digit year": {[]string{"99/11/24", "99/12/31"}, YearFirst, true},
		"excel":          {[]string{"45631", "45632", "45633.5"}, ExcelDays, true},
		"one number":     {[]string{"45631"}, ExcelDays, false},
		"nothing":        {nil, DayFirst, false},
		"words":          {[]string{"oui", "non"}, DayFirst, false},
		"names":          {[]string{"24 novembre 2026"}, YearFirst, true},
		"iso and french": {[]string{"2026-11-24", "24/11/2026"}, DayFirst, true},
	} {
		if got, sure := GuessDayOrder(c.samples); got != c.order || sure != c.sure {
			t.Errorf("%s: %s %v, want %s %v", name, got, sure, c.order, c.sure)
		}
	}
}

func TestDaysOfTheSharedTablesAreRead(t *testing.T) {
	for _, c := range []struct {
		file, column string
		comma        rune
		want         DayOrder
	}{
		{"olist_marketing_funnel/olist_marketing_qualified_leads_dataset.csv", "first_contact_date", ';', YearFirst},
		{"olist_marketing_funnel/olist_closed_deals_dataset.csv", "won_date", ';', YearFirst},
		{"fr_companies_sirene/sirene_bars_bouches_du_rhone_A.csv", "Date de création de l'entreprise", ';', YearFirst},
	} {
		var samples []string
		for _, r := range dataRows(t, c.file, c.comma) {
			if r[c.column] != "" {
				samples = append(samples, r[c.column])
			}
		}
		order, sure := GuessDayOrder(samples)
		read := 0
		for _, s := range samples {
			if _, ok := ParseInstant(s, order, nil); ok {
				read++
			}
		}
		t.Logf("%s: %s %v, %d of %d", c.column, order, sure, read, len(samples))
		if order != c.want || !sure || read != len(samples) || read == 0 {
			t.Errorf("%s: %s %v, %d of %d", c.column, order, sure, read, len(samples))
		}
	}
	for _, r := range dataRows(t, "olist_marketing_funnel/olist_closed_deals_dataset.csv", ';') {
		if day, ok := ParseDay(r["average_stock"], DayFirst); ok {
			t.Errorf("the eaten %q was read as %s", r["average_stock"], day)
		}
	}
}

func FuzzDay(f *testing.F) {
	for _, s := range []string{"24/11/2026 19 h 58", "Nov 24, 2026 7 PM", "45631,75", "20261124T100000Z", "1er août 2026", "2026-11-24T10:00:00+01:00", "24 11 2026", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range DayOrders() {
			day, ok := ParseDay(s, order)
			at, ok2 := ParseInstant(s, order, nil)
			if ok != ok2 {
				t.Fatalf("%q %s: a day %v, an instant %v", s, order, ok, ok2)
			}
			if !ok {
				continue
			}
			if again, ok := ParseDay(day, order); !ok || again != day || !utf8.ValidString(day) {
				t.Fatalf("%q gives %q, which gives %q", s, day, again)
			}
			if again, ok := ParseInstant(at.Format(time.RFC3339Nano), order, nil); !ok || !again.Equal(at) {
				t.Fatalf("%q gives %s, which gives %s", s, at, again)
			}
		}
		GuessDayOrder([]string{s})
	})
}

func BenchmarkDay(b *testing.B) {
	for b.Loop() {
		ParseDay("24/11/2026 19:58", DayFirst)
	}
}

func BenchmarkNamedDay(b *testing.B) {
	for b.Loop() {
		ParseDay("24 novembre 2026", DayFirst)
	}
}
