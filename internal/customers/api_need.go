package customers

import (
	"context"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

// needWire is what a customer needs.
type needWire struct {
	ID        string    `json:"id"`
	Body      string    `json:"body" example:"Equip line 2 before March"`
	State     string    `json:"state" enum:"open,met,dropped"`
	AuthorID  string    `json:"author_id"`
	Version   int64     `json:"version" doc:"The number that If-Match carries"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func wireNeed(n Need) needWire {
	return needWire{ID: n.ID, Body: n.Body, State: string(n.State), AuthorID: n.AuthorID, Version: n.Version, CreatedAt: n.CreatedAt.Go(), UpdatedAt: n.UpdatedAt.Go()}
}

func (p *Pages) apiNeeds(k Kind) func(context.Context, *recordIn) (*manyOut[needWire], error) {
	return func(ctx context.Context, in *recordIn) (*manyOut[needWire], error) {
		all, err := p.Service.Needs(ctx, k, in.ID)
		if err != nil {
			return nil, err
		}
		return listOut(all, wireNeed), nil
	}
}

type addNeedIn struct {
	ID   string `path:"id" maxLength:"100" doc:"Id of the record"`
	Body struct {
		Body string `json:"body" maxLength:"1000" example:"Equip line 2 before March"`
	}
}

func (p *Pages) apiAddNeed(k Kind) func(context.Context, *addNeedIn) (*madeOut[needWire], error) {
	return func(ctx context.Context, in *addNeedIn) (*madeOut[needWire], error) {
		n, err := p.Service.AddNeed(ctx, k, in.ID, in.Body.Body)
		if err != nil {
			return nil, err
		}
		return &madeOut[needWire]{Location: api.Prefix + recordPath(k, in.ID, "needs"), ETag: api.ETag(n.Version), Body: wireNeed(n)}, nil
	}
}

type changeNeedIn struct {
	ID      string `path:"id" maxLength:"100" doc:"Id of the record"`
	Need    string `path:"need" maxLength:"100" doc:"Id of the need"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"100" doc:"The version that was read" example:"\"1\""`
	Body    struct {
		Body  string `json:"body,omitempty" maxLength:"1000" doc:"Empty: as it stands"`
		State string `json:"state,omitempty" enum:"open,met,dropped" doc:"Empty: as it stands"`
	}
}

func (p *Pages) apiChangeNeed(k Kind) func(context.Context, *changeNeedIn) (*versionedOut[needWire], error) {
	return func(ctx context.Context, in *changeNeedIn) (*versionedOut[needWire], error) {
		version, err := api.IfMatch(in.IfMatch)
		if err != nil {
			return nil, err
		}
		n, err := p.Service.ChangeNeed(ctx, k, Need{ID: in.Need, RecordID: in.ID, Body: in.Body.Body, State: NeedState(in.Body.State), Version: version})
		if errs.Is(err, errs.KindStale) {
			return nil, errs.Stale(nil)
		}
		if err != nil {
			return nil, err
		}
		return &versionedOut[needWire]{ETag: api.ETag(n.Version), Body: wireNeed(n)}, nil
	}
}

// consentWire is one act of a person about how he is reached.
type consentWire struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Act      string    `json:"act" enum:"given,withdrawn,refused,informed"`
	Channel  string    `json:"channel" enum:"all,email,phone,sms,post,profiling,tracking"`
	Purpose  string    `json:"purpose,omitempty"`
	Wording  string    `json:"wording,omitempty" doc:"Version of the text that was shown"`
	Language string    `json:"language,omitempty"`
	Source   string    `json:"source,omitempty" example:"call"`
	Proof    string    `json:"proof,omitempty"`
	ByID     string    `json:"by_id,omitempty"`
	By       string    `json:"by,omitempty"`
}

func wireConsent(c Consent) consentWire {
	return consentWire{ID: c.ID, At: c.At.Go(), Act: string(c.Act), Channel: c.Channel, Purpose: c.Purpose, Wording: c.Wording, Language: c.Language, Source: c.Source, Proof: c.Proof, ByID: c.ByID, By: c.By}
}

func (p *Pages) apiConsents(ctx context.Context, in *recordIn) (*manyOut[consentWire], error) {
	all, err := p.Service.Consents(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return listOut(all, wireConsent), nil
}

type noteConsentIn struct {
	ID   string `path:"id" maxLength:"100" doc:"Id of a contact"`
	Body struct {
		Act      string `json:"act" enum:"given,withdrawn,refused,informed"`
		Channel  string `json:"channel" enum:"all,email,phone,sms,post,profiling,tracking"`
		Purpose  string `json:"purpose,omitempty" maxLength:"80"`
		Wording  string `json:"wording,omitempty" maxLength:"80"`
		Language string `json:"language,omitempty" maxLength:"10"`
		Source   string `json:"source,omitempty" maxLength:"200"`
		Proof    string `json:"proof,omitempty" maxLength:"2000" doc:"Required for an accord"`
	}
}

func (p *Pages) apiNoteConsent(ctx context.Context, in *noteConsentIn) (*manyOut[consentWire], error) {
	b := in.Body
	if err := p.Service.NoteConsent(ctx, in.ID, Consent{Act: ConsentAct(b.Act), Channel: b.Channel, Purpose: b.Purpose, Wording: b.Wording, Language: b.Language, Source: b.Source, Proof: b.Proof}); err != nil {
		return nil, err
	}
	return p.apiConsents(ctx, &recordIn{in.ID})
}

// fieldWire describes one field.
type fieldWire struct {
	Name     string   `json:"name" example:"x_budget"`
	Label    string   `json:"label" doc:"In the language that is asked for"`
	Type     string   `json:"type" example:"money"`
	Choices  []string `json:"choices,omitempty"`
	Settable bool     `json:"settable" doc:"Whether somebody may set it"`
	Sortable bool     `json:"sortable" doc:"Whether lists are sorted by it"`
	ID       string   `json:"id,omitempty" doc:"Of an own field"`
	Reader   string   `json:"reader,omitempty" doc:"Of an own field: the role that reads it"`
	Why      string   `json:"why,omitempty" doc:"Of an own field: why it is asked"`
}

func wireField(ctx context.Context, f Field) fieldWire {
	w := fieldWire{Name: f.Name, Label: fieldLabel(ctx, f), Type: string(f.Type), Choices: f.Choices, Settable: f.Set, Sortable: f.Sort}
	if f.Custom != nil {
		w.ID, w.Reader, w.Why = f.Custom.ID, string(f.Custom.Reader), f.Custom.Why(i18n.Lang(ctx))
	}
	return w
}

type fieldsIn struct {
	Record string `query:"record" enum:"account,contact" default:"account"`
}

func (p *Pages) apiFields(ctx context.Context, in *fieldsIn) (*manyOut[fieldWire], error) {
	sch, err := p.Service.Schema(ctx, Kind(in.Record))
	if err != nil {
		return nil, err
	}
	return listOut(sch.Fields, func(f Field) fieldWire { return wireField(ctx, f) }), nil
}

type addFieldIn struct {
	Body struct {
		Record  string   `json:"record" enum:"account,contact"`
		Code    string   `json:"code,omitempty" maxLength:"40" example:"x_budget" doc:"Empty: made from the English name"`
		NameEN  string   `json:"name_en" maxLength:"80" example:"Budget"`
		NameFR  string   `json:"name_fr" maxLength:"80" example:"Budget"`
		Type    string   `json:"type" enum:"text,number,money,date,choice,choices,person,account,url"`
		Choices []string `json:"choices,omitempty" maxItems:"200"`
		Reader  string   `json:"reader" maxLength:"40" example:"head_of_sales"`
		WhyEN   string   `json:"why_en" maxLength:"300"`
		WhyFR   string   `json:"why_fr" maxLength:"300"`
	}
}

func (p *Pages) apiAddField(ctx context.Context, in *addFieldIn) (*madeOut[fieldWire], error) {
	b := in.Body
	id, err := p.Service.AddOwnField(ctx, CustomField{Kind: Kind(b.Record), Code: b.Code, NameEN: b.NameEN, NameFR: b.NameFR, Type: Type(b.Type), Choices: b.Choices,
		Reader: auth.Role(b.Reader), WhyEN: b.WhyEN, WhyFR: b.WhyFR})
	if err != nil {
		return nil, err
	}
	c, err := p.Service.OwnField(ctx, id)
	if err != nil {
		return nil, err
	}
	return &madeOut[fieldWire]{Location: api.Prefix + "/customer-fields?record=" + b.Record, ETag: api.ETag(c.Version), Body: wireField(ctx, c.Field())}, nil
}

func (p *Pages) apiArchiveField(ctx context.Context, in *recordIn) (*struct{}, error) {
	return nil, p.Service.ArchiveOwnField(ctx, in.ID)
}
