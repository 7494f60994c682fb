package team

import (
	"reflect"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

// Near says how the region weighs when somebody is chosen.
type Near string

// The weights of the region.
const (
	AnyRegion    Near = ""       // it does not matter
	NearestFirst Near = "prefer" // the same region first, then its country, then the unit
	SameRegion   Near = "same"   // the same region, or it is said that nobody is there
)

// Situation is one line of the guide: when it arises, whom to involve, and why.
// Its words exist in both languages.
type Situation struct {
	ID       string
	Code     string // of one that comes with the program
	NameEN   string
	NameFR   string
	MomentEN string
	MomentFR string
	ReasonEN string // may hold {product} {segment} {region} {tier}
	ReasonFR string
	Rule     Rule
	Active   bool
	Edited   bool // changed in this organisation
	Changed  Changed
}

// Rule says who is the right person. Each part narrows; the zero Rule is
// everybody.
type Rule struct {
	On          []string    `json:"on,omitempty"`          // pages that ask: account, opportunity, lead, campaign, content, meeting; none: the guide alone
	Tiers       []string    `json:"tiers,omitempty"`       // only for accounts of these tiers
	Types       []string    `json:"types,omitempty"`       // only for opportunities of these types
	PersonID    string      `json:"person,omitempty"`      // always this person
	Roles       []auth.Role `json:"roles,omitempty"`       // who has one of these, the first before the others
	Kinds       []Kind      `json:"kinds,omitempty"`       // in a department of one of these kinds
	Orientation Orientation `json:"orientation,omitempty"` // in such a group of marketing
	Head        bool        `json:"head,omitempty"`        // heads of departments
	Skills      []string    `json:"skills,omitempty"`      // who has one of these skills
	Covers      bool        `json:"covers,omitempty"`      // who covers the product in question
	Serves      bool        `json:"serves,omitempty"`      // who covers the segment in question
	Near        Near        `json:"near,omitempty"`
	Count       int         `json:"count,omitempty"` // how many to propose; 0 is one
}

// AskingPages lists the kinds of record whose page can ask the guide.
func AskingPages() []string {
	return []string{"account", "opportunity", "lead", "campaign", "content", "meeting"}
}

// Tiers lists the ranks of accounts.
func Tiers() []string { return []string{"A", "B", "C"} }

// OpportunityTypes lists what an opportunity may be.
func OpportunityTypes() []string { return []string{"new", "extension", "renewal", "tender"} }

const maxCount = 5

// Name is the situation's name in a language.
func (s Situation) Name(lang string) string { return inLanguage(lang, s.NameEN, s.NameFR) }

// Moment says in a language when the situation arises.
func (s Situation) Moment(lang string) string { return inLanguage(lang, s.MomentEN, s.MomentFR) }

// Reason says in a language why somebody is involved, with the question's words
// in the places held for them. Absent words are those of blanks.
func (s Situation) Reason(lang string, q Question, blanks Blanks) string {
	text := inLanguage(lang, s.ReasonEN, s.ReasonFR)
	if q.Product == "" { // a name in brackets that nobody gave says nothing
		text = strings.ReplaceAll(text, " ({product})", "")
	}
	if q.Segment == "" {
		text = strings.ReplaceAll(text, " ({segment})", "")
	}
	return strings.NewReplacer("{product}", or(q.Product, blanks.Product), "{segment}", or(q.Segment, blanks.Segment),
		"{region}", or(q.RegionName, blanks.Region), "{tier}", or(q.Tier, blanks.Tier)).Replace(text)
}

// Blanks are the words of a reason when the question does not give them: "the
// product", "the region".
type Blanks struct{ Product, Segment, Region, Tier string }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func inLanguage(lang, en, fr string) string {
	if strings.HasPrefix(lang, "fr") {
		return fr
	}
	return en
}

// Validate says what is wrong with the situation's entries.
func (s Situation) Validate() error {
	var wrong errs.Fields
	for _, f := range []struct {
		field, value string
		most         int
	}{
		{"name_en", s.NameEN, 120}, {"name_fr", s.NameFR, 120}, {"moment_en", s.MomentEN, 300}, {"moment_fr", s.MomentFR, 300},
		{"reason_en", s.ReasonEN, 300}, {"reason_fr", s.ReasonFR, 300},
	} {
		name(&wrong, f.field, f.value, f.most)
		if blank := strayBlank(f.value); blank != "" {
			wrong.Add(f.field, "team.errors.blank", "blank", blank)
		}
	}
	r := s.Rule
	within(&wrong, "on", r.On, AskingPages())
	within(&wrong, "tiers", r.Tiers, Tiers())
	within(&wrong, "types", r.Types, OpportunityTypes())
	within(&wrong, "roles", r.Roles, Roles())
	within(&wrong, "kinds", r.Kinds, Kinds())
	if !slices.Contains([]Orientation{"", Tactical, Strategic}, r.Orientation) {
		wrong.Add("orientation", "team.errors.choose")
	}
	if !slices.Contains([]Near{AnyRegion, NearestFirst, SameRegion}, r.Near) {
		wrong.Add("near", "team.errors.choose")
	}
	labels(&wrong, "skills", Skill, r.Skills)
	if r.Count < 0 || r.Count > maxCount {
		wrong.Add("count", "team.errors.count", "max", maxCount)
	}
	if r.PersonID == "" && len(r.Roles) == 0 && len(r.Kinds) == 0 && len(r.Skills) == 0 && !r.Head && r.Orientation == "" {
		wrong.Add("roles", "team.errors.nobody_meant")
	}
	return wrong.Err()
}

func within[T ~string](wrong *errs.Fields, field string, given, known []T) {
	for _, g := range given {
		if !slices.Contains(known, g) {
			wrong.Add(field, "team.errors.choose")
			return
		}
	}
}

// strayBlank finds a place held in a text for a word that no question gives.
func strayBlank(text string) string {
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			return ""
		}
		word, after, closed := strings.Cut(rest, "}")
		if !closed || !slices.Contains([]string{"product", "segment", "region", "tier"}, word) {
			return "{" + word
		}
		text = after
	}
}

// AppliesTo tells whether the situation is one of those that a question asks
// for: by its id or code, or because it arises on the asking page for such an
// account and opportunity. What the question does not say narrows nothing.
func (s Situation) AppliesTo(q Question) bool {
	switch {
	case !s.Active:
		return false
	case q.Situation != "":
		return s.ID == q.Situation || (s.Code != "" && s.Code == q.Situation)
	case q.On != "" && !slices.Contains(s.Rule.On, q.On):
		return false
	case q.Tier != "" && len(s.Rule.Tiers) > 0 && !slices.Contains(s.Rule.Tiers, q.Tier):
		return false
	case q.Type != "" && len(s.Rule.Types) > 0 && !slices.Contains(s.Rule.Types, q.Type):
		return false
	}
	return true
}

// sameSituation tells whether two situations say the same, whoever wrote them.
func sameSituation(a, b Situation) bool {
	a.ID, a.Edited, a.Changed = b.ID, b.Edited, b.Changed
	return reflect.DeepEqual(a, b)
}

// Means tells whether the situation's rule, whatever the product and the place
// in question, means somebody.
func (s Situation) Means(p Person) bool { return chooser{rule: s.Rule}.meant(p) }
