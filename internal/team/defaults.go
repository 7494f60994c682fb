package team

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed situations.json
var situationsJSON []byte

// words is a text in both languages.
type words struct{ EN, FR string }

// DefaultSituations are the lines of the guide that come with the program. They
// are written into the catalogue once; from then on they are the organisation's.
func DefaultSituations() ([]Situation, error) {
	var raw []struct {
		Code                 string
		Name, Moment, Reason words
		Rule                 Rule
	}
	if err := json.Unmarshal(situationsJSON, &raw); err != nil {
		return nil, fmt.Errorf("team: situations.json: %w", err)
	}
	out := make([]Situation, len(raw))
	for i, s := range raw {
		out[i] = Situation{Code: s.Code, NameEN: s.Name.EN, NameFR: s.Name.FR, MomentEN: s.Moment.EN, MomentFR: s.Moment.FR,
			ReasonEN: s.Reason.EN, ReasonFR: s.Reason.FR, Rule: s.Rule, Active: true}
	}
	return out, nil
}
