package team

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// i18n: team.why.* team.near.* team.page.* team.opportunity.*

// questionForm is what the guide is asked.
type questionForm struct {
	Product string `form:"product"`
	Segment string `form:"segment"`
	Region  string `form:"region"`
	Tier    string `form:"tier"`
	Q       string `form:"q"`
}

// guideView is the catalogue.
type guideView struct {
	query   string
	active  []Situation
	aside   []Situation // put aside: shown to who may edit
	canEdit bool
}

func (p *Pages) guide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f questionForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	all, err := p.Service.Situations(ctx)
	if err != nil {
		return err
	}
	v := guideView{query: f.Q, canEdit: auth.From(ctx).Can(MayEditSituations)}
	for _, s := range all {
		switch {
		case !s.said(i18n.Lang(ctx), f.Q):
		case s.Active:
			v.active = append(v.active, s)
		default:
			v.aside = append(v.aside, s)
		}
	}
	if web.IsHTMX(r) {
		return web.Render(w, r, http.StatusOK, guideList(v))
	}
	return web.Render(w, r, http.StatusOK, guidePage(v))
}

// said tells whether every word asked begins a word of the situation.
func (s Situation) said(lang, text string) bool {
	words := SplitWords(s.Name(lang) + " " + s.Moment(lang))
	for _, asked := range SearchWords(text) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, asked) }) {
			return false
		}
	}
	return true
}

// situationView is one situation with its question and its answer.
type situationView struct {
	answer    Answer
	question  questionForm
	structure Structure
	choices   Choices
	me        string
	canEdit   bool
}

func (p *Pages) situation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := situationView{me: auth.From(ctx).UserID, canEdit: auth.From(ctx).Can(MayEditSituations)}
	if err := web.Decode(r, &v.question); err != nil {
		return err
	}
	s, err := p.Service.Situation(ctx, web.Path(r, "id"))
	if err != nil {
		return err
	}
	f := v.question
	v.answer = Answer{Situation: s}
	if s.Active {
		answers, err := p.Service.WhoToInvolve(ctx, Question{Situation: s.ID, Product: f.Product, Segment: f.Segment, RegionID: f.Region, Tier: f.Tier})
		if err != nil {
			return err
		}
		v.answer = answers[0]
	}
	if web.IsHTMX(r) {
		return web.Render(w, r, http.StatusOK, situationAnswer(v))
	}
	if v.structure, err = p.Service.Outline(ctx); err != nil {
		return err
	}
	if v.choices, err = p.Service.Choices(ctx); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, situationPage(v))
}

// reason is the situation's sentence, with the words of the question.
func (v situationView) reason(ctx context.Context) string {
	return v.answer.Situation.Reason(i18n.Lang(ctx), v.answer.Question, Blanks{Product: i18n.T(ctx, "team.blank.product"), Segment: i18n.T(ctx, "team.blank.segment"),
		Region: i18n.T(ctx, "team.blank.region"), Tier: i18n.T(ctx, "team.blank.tier")})
}

// whyWords are the reasons of a proposal as one line.
func whyWords(ctx context.Context, why []Why) string {
	var out []string
	for _, w := range why {
		out = append(out, whyWord(ctx, w))
	}
	return strings.Join(out, "\u00a0· ")
}

func whyWord(ctx context.Context, w Why) string {
	word := w.Word
	switch w.Code {
	case WhyRole:
		return i18n.T(ctx, "team.role."+word)
	case WhyKind:
		word = i18n.T(ctx, "team.kind."+word)
	case WhyOrientation:
		word = i18n.T(ctx, "team.orientation."+word)
	case WhyCountry:
		word = i18n.CountryName(ctx, word)
	case WhyAway:
		word = i18n.ShortDay(ctx, word)
	}
	return i18n.T(ctx, "team.why."+w.Code, "word", word)
}

// situationForm is what the form of the catalogue sends.
type situationForm struct {
	Version     int64    `form:"version"`
	Was         string   `form:"was,raw"`
	Chosen      bool     `form:"chosen"` // it comes from the page that asks to choose
	NameEN      string   `form:"name_en"`
	NameFR      string   `form:"name_fr"`
	MomentEN    string   `form:"moment_en"`
	MomentFR    string   `form:"moment_fr"`
	ReasonEN    string   `form:"reason_en"`
	ReasonFR    string   `form:"reason_fr"`
	Roles       []string `form:"roles"`
	Kinds       []string `form:"kinds"`
	Orientation string   `form:"orientation"`
	Head        bool     `form:"head"`
	Skills      string   `form:"skills"`
	Covers      bool     `form:"covers"`
	Serves      bool     `form:"serves"`
	Near        string   `form:"near"`
	Person      string   `form:"person"`
	Count       int      `form:"count"`
	On          []string `form:"on"`
	Tiers       []string `form:"tiers"`
	Types       []string `form:"types"`
	Active      bool     `form:"active"`
}

func (f situationForm) situation(id string) Situation {
	return Situation{ID: id, NameEN: f.NameEN, NameFR: f.NameFR, MomentEN: oneLine(f.MomentEN), MomentFR: oneLine(f.MomentFR),
		ReasonEN: oneLine(f.ReasonEN), ReasonFR: oneLine(f.ReasonFR), Active: f.Active, Changed: Changed{Version: f.Version},
		Rule: Rule{On: inOrder(AskingPages(), several(f.On)), Tiers: inOrder(Tiers(), several(f.Tiers)), Types: inOrder(OpportunityTypes(), several(f.Types)), PersonID: f.Person,
			Roles: inOrder(Roles(), several(f.Roles)), Kinds: inOrder(Kinds(), several(f.Kinds)), Orientation: Orientation(f.Orientation),
			Head: f.Head, Skills: SplitLabels(f.Skills), Covers: f.Covers, Serves: f.Serves, Near: Near(f.Near), Count: f.Count}}
}

// oneLine takes the line ends out of a sentence that was typed in a higher
// field. Blanks that do not break are French typography and stay.
func oneLine(s string) string {
	blank := func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

func situationFields() []string {
	return []string{"name_fr", "moment_fr", "reason_fr", "name_en", "moment_en", "reason_en", "on", "tiers", "types", "active",
		"roles", "kinds", "orientation", "skills", "head", "covers", "serves", "near", "count", "person"}
}

func (s Situation) values() map[string]string {
	r := s.Rule
	return map[string]string{"name_fr": s.NameFR, "moment_fr": s.MomentFR, "reason_fr": s.ReasonFR, "name_en": s.NameEN, "moment_en": s.MomentEN, "reason_en": s.ReasonEN,
		"on": JoinLabels(r.On), "tiers": JoinLabels(r.Tiers), "types": JoinLabels(r.Types), "active": ticked(s.Active), "roles": JoinLabels(texts(r.Roles)),
		"kinds": JoinLabels(texts(r.Kinds)), "orientation": string(r.Orientation), "skills": JoinLabels(r.Skills), "head": ticked(r.Head), "covers": ticked(r.Covers),
		"serves": ticked(r.Serves), "near": string(r.Near), "count": strconv.Itoa(max(r.Count, 1)), "person": r.PersonID}
}

func situationOfValues(id string, version int64, v map[string]string) Situation {
	count, _ := strconv.Atoi(v["count"]) // the rules refuse 0
	return situationForm{Version: version, NameEN: v["name_en"], NameFR: v["name_fr"], MomentEN: v["moment_en"], MomentFR: v["moment_fr"], ReasonEN: v["reason_en"],
		ReasonFR: v["reason_fr"], Roles: []string{v["roles"]}, Kinds: []string{v["kinds"]}, Orientation: v["orientation"], Head: v["head"] != "", Skills: v["skills"],
		Covers: v["covers"] != "", Serves: v["serves"] != "", Near: v["near"], Person: v["person"], Count: count, On: []string{v["on"]}, Tiers: []string{v["tiers"]},
		Types: []string{v["types"]}, Active: v["active"] != ""}.situation(id)
}

// situationEditView is the form of one line of the catalogue.
type situationEditView struct {
	form
	situation Situation
	people    []Person
}

func (p *Pages) newSituation(w http.ResponseWriter, r *http.Request) error {
	return p.situationForm(w, r, Situation{Active: true, Rule: Rule{Count: 1}})
}

func (p *Pages) editSituation(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Service.Situation(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return p.situationForm(w, r, s)
}

func (p *Pages) situationForm(w http.ResponseWriter, r *http.Request, s Situation) error {
	v, err := p.situationEdit(r, s)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, situationEditPage(v))
}

func (p *Pages) situationEdit(r *http.Request, s Situation) (situationEditView, error) {
	v := situationEditView{situation: s}
	v.Action, v.Cancel, v.Was = r.URL.Path, "/guide", writeWas(s.values())
	if s.ID != "" {
		v.Cancel = "/guide/" + s.ID
	}
	var err error
	v.people, err = p.Service.Colleagues(r.Context(), "")
	return v, err
}

func (p *Pages) saveSituation(w http.ResponseWriter, r *http.Request) error {
	var f situationForm
	err := web.Decode(r, &f)
	if err != nil && !errs.Is(err, errs.KindInvalid) {
		return err
	}
	s := f.situation(web.Path(r, "id"))
	if s.ID != "" {
		if _, err := p.Service.Situation(r.Context(), s.ID); err != nil {
			return err
		}
	}
	var id string
	if err == nil {
		id, err = p.Service.SaveSituation(r.Context(), s)
	}
	saved := func() error { return done(w, r, "/guide/"+id, web.Toast{Key: "team.guide.saved"}) }
	if err == nil {
		return saved()
	}
	v, viewErr := p.situationEdit(r, s)
	if viewErr != nil {
		return viewErr
	}
	v.Was = f.Was
	if now, ok := staleOf[Situation](err); ok {
		v.situation = now
		c := contest{form: v.form, title: situationEditTitle(r.Context(), v), crumbs: v.crumbs(r.Context()), order: situationFields(), mine: s.values(), theirs: now.values(),
			by: now.Changed, label: situationLabel, shown: v.shown}
		var settled bool
		settled, err = c.settled(w, r, func(version int64, m map[string]string) (err error) {
			id, err = p.Service.SaveSituation(r.Context(), situationOfValues(s.ID, version, m))
			return err
		})
		if !settled {
			return err
		}
		v.situation = s
	}
	if err == nil {
		return saved()
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, situationEditPage(v))
}

// situationLabel names a field as the form of a situation does.
//
// i18n: team.guide.field.* team.guide.rule.*
func situationLabel(ctx context.Context, field string) string {
	switch field {
	case "active":
		return i18n.T(ctx, "team.guide.active")
	case "head":
		return i18n.T(ctx, "team.guide.head_only")
	case "covers":
		return i18n.T(ctx, "team.guide.covers_product")
	case "serves":
		return i18n.T(ctx, "team.guide.covers_segment")
	case "near":
		return i18n.T(ctx, "team.guide.rule.region")
	case "person":
		return i18n.T(ctx, "team.guide.rule.who")
	case "on", "tiers", "types", "roles", "kinds", "orientation", "skills", "count":
		return i18n.T(ctx, "team.guide.rule."+field)
	}
	return i18n.T(ctx, "team.guide.field."+field)
}

// shown writes one value for the page that asks to choose.
func (v situationEditView) shown(ctx context.Context, field, value string) string {
	switch field {
	case "active", "head", "covers", "serves":
		if value == "" {
			return i18n.T(ctx, "team.no")
		}
		return i18n.T(ctx, "team.yes")
	case "person":
		return nameOf(v.people, value)
	case "orientation":
		return companyWords(ctx, field, value)
	}
	var options []ui.Option
	switch field {
	case "on":
		options = choose(ctx, "team.page.", AskingPages())
	case "types":
		options = choose(ctx, "team.opportunity.", OpportunityTypes())
	case "roles":
		options = choose(ctx, "team.role.", Roles())
	case "kinds":
		options = choose(ctx, "team.kind.", Kinds())
	case "near":
		options = nearOptions(ctx)
	default:
		return value
	}
	var words []string
	for _, o := range options {
		if o.Value == value || slices.Contains(SplitLabels(value), o.Value) {
			words = append(words, o.Label)
		}
	}
	return strings.Join(words, ", ")
}

// near are the weights of the region, as options.
func nearOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: i18n.T(ctx, "team.near.any")}, {Value: string(NearestFirst), Label: i18n.T(ctx, "team.near.prefer")},
		{Value: string(SameRegion), Label: i18n.T(ctx, "team.near.same")}}
}
