package customers

import (
	"strings"
	"unicode"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Need is what a customer needs, in his words: the first thing that his page shows.
type Need struct {
	ID        string
	RecordID  string
	Body      string
	State     NeedState
	AuthorID  string
	Version   int64
	CreatedAt db.Time
	UpdatedAt db.Time
}

// NeedState says whether a need still stands.
type NeedState string

// The states of a need. One that was met or dropped may be opened again.
const (
	NeedOpen    NeedState = "open"
	NeedMet     NeedState = "met"
	NeedDropped NeedState = "dropped"
)

// Valid tells whether s is one of them.
func (s NeedState) Valid() bool { return s == NeedOpen || s == NeedMet || s == NeedDropped }

// maxNeed is how many letters a need takes.
const maxNeed = 1000

// checkNeed tells what is wrong with the words of a need.
func checkNeed(body string) error {
	var wrong errs.Fields
	switch n := len([]rune(body)); {
	case n == 0:
		wrong.Add("body", "errors.required")
	case n > maxNeed:
		wrong.Add("body", "errors.too_long", "max", maxNeed)
	}
	return wrong.Err()
}

// Consent is one act of a person about how he is reached, as it was noted. Acts
// are only added; what stands follows from the last of each channel.
type Consent struct {
	ID       string
	At       db.Time
	Channel  string // one of Channels, or all
	Purpose  string
	Act      ConsentAct
	Wording  string // version of the text that was shown
	Language string
	Source   string // form, mail, call …
	Proof    string
	ByID, By string
}

// ConsentAct is what the person did.
type ConsentAct string

// The acts.
const (
	ConsentGiven     ConsentAct = "given"
	ConsentWithdrawn ConsentAct = "withdrawn"
	ConsentRefused   ConsentAct = "refused"
	ConsentInformed  ConsentAct = "informed"
)

// ConsentActs lists them.
func ConsentActs() []ConsentAct {
	return []ConsentAct{ConsentGiven, ConsentRefused, ConsentWithdrawn, ConsentInformed}
}

// Channels lists the ways of being reached or watched that somebody may refuse.
func Channels() []string { return codes(channelCodes) }

// sensitiveWords are words of private life that have no place in a note about a
// customer, as they begin, in French and English, folded. They warn; nothing is
// refused or changed for them (L-21).
const sensitiveWords = `
	malad cancer sida vih depress alcoo drogu grossesse enceinte handicap invalid hospital arret-maladie burn-out burnout psych
	juif juive musulm islam catholi protestant athee relig
	syndicat syndique cgt cfdt communist fascis racis ethni gitan immigre sans-papiers clandestin
	homosex lesbien gay bisex transsex sexuel
	prison delinqu casier
	con conne connard connasse salope salaud putain abruti imbecile cretin debile
	sick illness disease disabl disabilit pregnan hiv aids drunk addict depression mental
	jew jewish muslim catholic atheist
	union unionist communist racist ethnic immigrant
	homosexual lesbian sexual
	convicted jail criminal
	idiot stupid moron asshole bitch bastard`

// Sensitive gives the words of a text that speak of health, opinion, origin,
// private life or insult, as they were written and each once. It is a reminder,
// never a judgement: a word may be harmless where it stands.
func Sensitive(text string) []string {
	var out []string
	seen := map[string]bool{}
	whole, stems := sensitiveStems()
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		key := db.Fold(w)
		if len(key) < 3 || seen[key] {
			continue
		}
		hit := whole[key]
		for _, st := range stems {
			hit = hit || strings.HasPrefix(key, st)
		}
		if hit {
			seen[key] = true
			out = append(out, w)
		}
	}
	return out
}

// sensitiveStems tells short words, which must stand alone, from beginnings of
// words: "con" is an insult and "contact" is none.
func sensitiveStems() (whole map[string]bool, stems []string) {
	whole = map[string]bool{}
	for _, w := range strings.Fields(sensitiveWords) {
		switch {
		case len(w) < 5 || w == "union" || w == "conne" || w == "mental":
			whole[w], whole[w+"s"] = true, true
		default:
			stems = append(stems, w)
		}
	}
	return whole, stems
}
