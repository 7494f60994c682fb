package team

import (
	"context"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

type departmentWire struct {
	ID          string     `json:"id"`
	Name        string     `json:"name" example:"Marketing"`
	Kind        string     `json:"kind" enum:"marketing,sales,product,management,support"`
	Orientation string     `json:"orientation,omitempty" example:"tactical" doc:"Groups of marketing: tactical or strategic"`
	ParentID    string     `json:"parent_id,omitempty"`
	UnitID      string     `json:"unit_id,omitempty"`
	HeadID      string     `json:"head_id,omitempty"`
	Head        string     `json:"head,omitempty" example:"Nadia Rousseau"`
	Hours       []openWire `json:"hours" nullable:"false" doc:"None: those of the region or the company"`
	People      int        `json:"people" doc:"How many people stand in it"`
}

func (p *Pages) apiDepartments(ctx context.Context, _ *struct{}) (*listing[departmentWire], error) {
	_, st, err := p.Service.Company(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(Tree(st.Departments), func(d Branch) departmentWire {
		return departmentWire{ID: d.ID, Name: d.Name, Kind: string(d.Kind), Orientation: string(d.Orientation), ParentID: d.ParentID, UnitID: d.UnitID,
			HeadID: d.HeadID, Head: d.Head, Hours: wireWeek(d.Hours), People: d.People}
	}), nil
}

type unitWire struct {
	ID     string `json:"id"`
	Name   string `json:"name" example:"France"`
	HeadID string `json:"head_id,omitempty"`
	Head   string `json:"head,omitempty" example:"Marc Delattre"`
	People int    `json:"people" doc:"How many people stand in it"`
}

func (p *Pages) apiUnits(ctx context.Context, _ *struct{}) (*listing[unitWire], error) {
	_, st, err := p.Service.Company(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(st.Units, func(u Unit) unitWire { return unitWire{u.ID, u.Name, u.HeadID, u.Head, u.People} }), nil
}

type regionWire struct {
	ID       string     `json:"id"`
	Name     string     `json:"name" example:"Ouest"`
	Country  string     `json:"country,omitempty" example:"FR" doc:"ISO 3166 code"`
	TimeZone string     `json:"time_zone,omitempty" example:"Europe/Paris" doc:"Absent: the organisation’s"`
	Holidays string     `json:"holidays,omitempty" example:"FR" doc:"Set of public holidays; absent: the organisation’s; none: no holidays"`
	Hours    []openWire `json:"hours" nullable:"false" doc:"None: those of the company"`
	People   int        `json:"people" doc:"How many people work there"`
}

func (p *Pages) apiRegions(ctx context.Context, _ *struct{}) (*listing[regionWire], error) {
	_, st, err := p.Service.Company(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(st.Regions, func(g Region) regionWire {
		return regionWire{ID: g.ID, Name: g.Name, Country: g.Country, TimeZone: g.TimeZone, Holidays: g.Holidays, Hours: wireWeek(g.Hours), People: g.People}
	}), nil
}

type teamWire struct {
	ID      string       `json:"id"`
	Name    string       `json:"name" example:"Launch of the P4 pumps"`
	Mandate string       `json:"mandate" example:"Ten first customers by the summer"`
	LeadID  string       `json:"lead_id,omitempty"`
	Lead    string       `json:"lead,omitempty" example:"Emma Morin"`
	EndsOn  string       `json:"ends_on,omitempty" format:"date" example:"2026-09-30" doc:"Absent: it stands until it is ended"`
	Ended   bool         `json:"ended"`
	Missing []string     `json:"missing" nullable:"false" doc:"Which of sales and marketing has nobody in the team"`
	Members []memberWire `json:"members" nullable:"false"`
	Version int64        `json:"version"`
}

type memberWire struct {
	PersonID   string `json:"person_id"`
	Name       string `json:"name" example:"Camille Aubry"`
	Department string `json:"department,omitempty" example:"Marketing"`
	Part       string `json:"part,omitempty" doc:"What this person brings" example:"Words and pictures"`
}

func wireTeam(now time.Time, today clock.Day) func(Team) teamWire {
	return func(t Team) teamWire {
		w := teamWire{ID: t.ID, Name: t.Name, Mandate: t.Mandate, LeadID: t.LeadID, Lead: t.Lead, Ended: t.Ended(today), Missing: plainTexts(t.Missing(now)),
			Members: wires(t.Members, func(m Member) memberWire { return memberWire{m.ID, m.Name(), m.Department, m.Part} }), Version: t.Changed.Version}
		if t.EndsOn != (clock.Day{}) {
			w.EndsOn = t.EndsOn.String()
		}
		return w
	}
}

func (p *Pages) apiTeams(ctx context.Context, _ *struct{}) (*listing[teamWire], error) {
	all, err := p.Service.Teams(ctx)
	if err != nil {
		return nil, err
	}
	o, err := p.Service.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	now := p.Clock.Now()
	return listOf(all, wireTeam(now, today(o, now))), nil
}

type teamIn struct {
	ID string `path:"id" maxLength:"100" doc:"Id of a cross-functional team"`
}

func (p *Pages) apiTeam(ctx context.Context, in *teamIn) (*versioned[teamWire], error) {
	t, err := p.Service.Team(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	o, err := p.Service.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	now := p.Clock.Now()
	return &versioned[teamWire]{ETag: api.ETag(t.Changed.Version), Body: wireTeam(now, today(o, now))(t)}, nil
}

type createTeamIn struct {
	Body struct {
		Name    string     `json:"name" minLength:"1" maxLength:"120" example:"Launch of the P4 pumps"`
		Mandate string     `json:"mandate" minLength:"1" maxLength:"1000" example:"Ten first customers by the summer"`
		LeadID  string     `json:"lead_id,omitempty" maxLength:"100" doc:"Id of who leads it; the lead is a member"`
		EndsOn  string     `json:"ends_on,omitempty" format:"date" example:"2026-09-30" doc:"Absent: it stands until it is ended"`
		Members []seatWire `json:"members,omitempty" maxItems:"200"`
	}
}

type seatWire struct {
	PersonID string `json:"person_id" maxLength:"100"`
	Part     string `json:"part,omitempty" maxLength:"120" doc:"What this person brings" example:"Words and pictures"`
}

func (p *Pages) apiCreateTeam(ctx context.Context, in *createTeamIn) (*created[teamWire], error) {
	var wrong errs.Fields
	b := in.Body
	t := Team{Name: b.Name, Mandate: lines(b.Mandate), LeadID: b.LeadID, EndsOn: readDay(&wrong, "ends_on", b.EndsOn)}
	for _, m := range b.Members {
		t.seat(Member{Person: Person{ID: m.PersonID}, Part: m.Part})
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	out := &created[teamWire]{}
	err := p.Service.db.Write(ctx, func(ctx context.Context, _ db.Tx) error {
		id, err := p.Service.SaveTeam(ctx, t)
		if err != nil {
			return err
		}
		made, err := p.apiTeam(ctx, &teamIn{id})
		if err == nil {
			out.Location, out.ETag, out.Body = api.Prefix+"/teams/"+id, made.ETag, made.Body
		}
		return err
	})
	return out, renamed(err, wireFields())
}

type situationWire struct {
	ID     string   `json:"id"`
	Code   string   `json:"code,omitempty" doc:"Of a situation that comes with the program; serves in place of the id"`
	Name   string   `json:"name" doc:"In your language"`
	Moment string   `json:"moment" doc:"When it arises, in your language"`
	On     []string `json:"on" nullable:"false" doc:"Kinds of record on which it arises; none: the guide alone"`
	Tiers  []string `json:"tiers" nullable:"false" doc:"Ranks of accounts; none: all"`
	Types  []string `json:"types" nullable:"false" doc:"Types of opportunities; none: all"`
	Active bool     `json:"active" doc:"Whether it is asked; one put aside is listed to those who edit the guide"`
}

func wireSituation(lang string) func(Situation) situationWire {
	return func(s Situation) situationWire {
		return situationWire{ID: s.ID, Code: s.Code, Name: s.Name(lang), Moment: s.Moment(lang),
			On: plainTexts(s.Rule.On), Tiers: plainTexts(s.Rule.Tiers), Types: plainTexts(s.Rule.Types), Active: s.Active}
	}
}

func (p *Pages) apiSituations(ctx context.Context, _ *struct{}) (*listing[situationWire], error) {
	all, err := p.Service.Situations(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(all, wireSituation(i18n.Lang(ctx))), nil
}

type proposeIn struct {
	ID      string `path:"id" maxLength:"100" doc:"Id or code of a situation"`
	Product string `query:"product" maxLength:"100" doc:"The product line in question" example:"Pumps"`
	Segment string `query:"segment" maxLength:"100" doc:"The kind of customer in question" example:"Dairies"`
	Region  string `query:"region" maxLength:"100" doc:"Id of the region in question"`
	Unit    string `query:"unit" maxLength:"100" doc:"Id of the business unit in question"`
	Tier    string `query:"tier" enum:"A,B,C" doc:"Rank of the account"`
	Type    string `query:"type" enum:"new,extension,renewal,tender" doc:"Type of the opportunity"`
}

// answerWire is whom to involve.
type answerWire struct {
	Situation situationWire  `json:"situation"`
	Reason    string         `json:"reason" doc:"Why somebody is involved, in your language"`
	Proposals []proposalWire `json:"proposals" nullable:"false" doc:"Best first; none: nobody fits"`
}

type proposalWire struct {
	Person    personWire `json:"person"`
	InPlaceOf *refWire   `json:"in_place_of,omitempty" doc:"The right person, who is away"`
	Until     string     `json:"until,omitempty" format:"date" doc:"The last day that the right person is away"`
	Fallback  bool       `json:"fallback" doc:"Nobody fits wholly; the reasons say what lacks"`
	Reasons   []whyWire  `json:"reasons" nullable:"false"`
}

type whyWire struct {
	Code string `json:"code" example:"covers"`
	Text string `json:"text" example:"covers Pumps" doc:"In your language"`
}

func wireProposal(ctx context.Context) func(Proposal) proposalWire {
	return func(pr Proposal) proposalWire {
		w := proposalWire{Person: wirePerson(pr.Person), Fallback: pr.Fallback,
			Reasons: wires(pr.Why, func(y Why) whyWire { return whyWire{y.Code, whyWord(ctx, y)} })}
		if pr.InPlaceOf != nil {
			w.InPlaceOf = &refWire{pr.InPlaceOf.ID, pr.InPlaceOf.Name()}
		}
		if pr.Until != (clock.Day{}) {
			w.Until = pr.Until.String()
		}
		return w
	}
}

func (p *Pages) apiPropose(ctx context.Context, in *proposeIn) (*one[answerWire], error) {
	answers, err := p.Service.WhoToInvolve(ctx, Question{Situation: in.ID, Product: in.Product, Segment: in.Segment, RegionID: in.Region, UnitID: in.Unit, Tier: in.Tier, Type: in.Type})
	if err != nil {
		return nil, err
	}
	a := answers[0]
	return &one[answerWire]{Body: answerWire{wireSituation(i18n.Lang(ctx))(a.Situation), situationView{answer: a}.reason(ctx), wires(a.Proposals, wireProposal(ctx))}}, nil
}
