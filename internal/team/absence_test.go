package team

import (
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

func on(s string) clock.Day {
	d, err := clock.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func away(person, from, to, deputy string) Absence {
	return Absence{ID: person + from, PersonID: person, From: on(from), To: on(to), DeputyID: deputy}
}

func TestStandInFollowsDeputies(t *testing.T) {
	all := []Absence{
		away("camille", "2026-11-23", "2026-11-27", "hugo"),
		away("hugo", "2026-11-25", "2026-11-25", "nadia"),
		away("yann", "2026-11-24", "2026-11-24", ""),
		away("marc", "2026-11-24", "2026-11-24", "sofia"),
		away("sofia", "2026-11-24", "2026-11-24", "marc"),
		away("emma", "2026-11-24", "2026-11-24", "yann"),
	}
	for _, c := range []struct{ who, day, want string }{
		{"camille", "2026-11-22", "camille"}, // not away yet
		{"camille", "2026-11-23", "hugo"},
		{"camille", "2026-11-25", "nadia"}, // the deputy's deputy
		{"camille", "2026-11-27", "hugo"},
		{"camille", "2026-11-28", "camille"},
		{"yann", "2026-11-24", ""},
		{"emma", "2026-11-24", ""}, // the deputy is away with nobody behind him
		{"marc", "2026-11-24", ""}, // each stands in for the other
	} {
		if got := StandIn(c.who, on(c.day), all); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.who, c.day, got, c.want)
		}
	}
}

func TestValidateAbsence(t *testing.T) {
	own := []Absence{away("me", "2026-12-21", "2027-01-04", "hugo")}
	deputys := []Absence{away("hugo", "2026-12-01", "2026-12-02", ""), away("nadia", "2026-12-01", "2026-12-02", "marc")}
	for _, c := range []struct {
		name  string
		a     Absence
		field string
	}{
		{"one day", away("me", "2026-12-01", "2026-12-01", ""), ""},
		{"the same one, moved", Absence{ID: "me2026-12-21", PersonID: "me", From: on("2026-12-22"), To: on("2027-01-05")}, ""},
		{"deputy who has a deputy himself", away("me", "2026-12-01", "2026-12-01", "nadia"), ""},
		{"no day", Absence{PersonID: "me"}, "from"},
		{"ends before it begins", away("me", "2026-12-02", "2026-12-01", ""), "to"},
		{"three years", away("me", "2026-12-02", "2029-12-01", ""), "to"},
		{"twice away", away("me", "2027-01-04", "2027-01-08", ""), "from"},
		{"deputy away", away("me", "2026-12-02", "2026-12-04", "hugo"), "deputy"},
		{"own deputy", away("me", "2026-12-02", "2026-12-04", "me"), "deputy"},
	} {
		fields := errs.FieldsOf(c.a.Validate(own, deputys))
		if c.field == "" && len(fields) > 0 || c.field != "" && (len(fields) != 1 || fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.name, fields)
		}
	}
}
