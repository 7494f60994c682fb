package customers

import (
	"slices"
	"strings"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

func contains(list []string, v string) bool { return slices.Contains(list, v) }

// check tells what is wrong with an act: an accord without a proof is none.
func (c Consent) check() error {
	var wrong errs.Fields
	if !slices.Contains(ConsentActs(), c.Act) {
		wrong.Add("act", "customers.errors.choose")
	}
	if c.Channel != "all" && !contains(Channels(), c.Channel) {
		wrong.Add("channel", "customers.errors.choose")
	}
	if c.Act == ConsentGiven && strings.TrimSpace(c.Proof) == "" {
		wrong.Add("proof", "customers.record.errors.proof")
	}
	for name, v := range map[string]struct {
		text string
		max  int
	}{"proof": {c.Proof, 2000}, "wording": {c.Wording, 80}, "source": {c.Source, 200}, "purpose": {c.Purpose, 80}} {
		if len([]rune(v.text)) > v.max {
			wrong.Add(name, "errors.too_long", "max", v.max)
		}
	}
	return wrong.Err()
}

// effect is what an act changes in the record of the person.
func (c Consent) effect(v Values, today string) Values {
	channels := []string{c.Channel}
	if c.Channel == "all" {
		channels = Channels()
	}
	refuses := lines(v["refuses"])
	switch c.Act {
	case ConsentInformed:
		return Values{"informed_on": today}
	case ConsentGiven:
		refuses = slices.DeleteFunc(refuses, func(x string) bool { return contains(channels, x) })
	default:
		refuses = joinCodes(Channels(), refuses, channels)
	}
	return Values{"refuses": strings.Join(refuses, "\n")}
}

// check tells what is wrong with a position.
func (p Position) check() error {
	var wrong errs.Fields
	if len([]rune(p.Title)) > 160 {
		wrong.Add("title", "errors.too_long", "max", 160)
	}
	if p.Job != "" && !contains(codes(jobCodes), p.Job) {
		wrong.Add("job", "customers.errors.choose")
	}
	for name, day := range map[string]string{"from": p.From, "to": p.To} {
		if _, err := clock.ParseDay(day); day != "" && err != nil {
			wrong.Add(name, "customers.errors.date")
		}
	}
	if p.From != "" && p.To != "" && p.To < p.From {
		wrong.Add("to", "customers.record.errors.before")
	}
	return wrong.Err()
}
