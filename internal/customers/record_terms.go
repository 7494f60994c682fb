package customers

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// i18n: customers.record.point_state.* customers.record.need_is.* customers.record.heard.*

// term is a field with its value, as a line; nothing when it is empty.
func (v recordView) term(ctx context.Context, name string) []ui.Term {
	fd, ok := v.Schema.Field(name)
	if !ok || v.Values[name] == "" {
		return nil
	}
	t := ui.Term{Label: fieldLabel(ctx, fd)}
	switch fd.Type {
	case Emails, Phones:
		t.Content = pointsLine(v, fd)
	case URL:
		t.Content = pageLink(v.Values[name])
	case Account:
		t.Content = v.link(ctx, KindAccount, v.Values[name])
	default:
		t.Text = v.field(ctx, name)
	}
	return []ui.Term{t}
}

// reach are the ways to reach a customer.
func (v recordView) reach(ctx context.Context) []ui.Term {
	out := slices.Concat(v.term(ctx, "emails"), v.term(ctx, "phones"), v.term(ctx, "website"))
	where := strings.Join(slices.DeleteFunc([]string{v.Values["street"], strings.TrimSpace(v.Values["postcode"] + " " + v.Values["city"]), v.Values["province"], v.field(ctx, "country")},
		func(s string) bool { return s == "" }), ", ")
	if where != "" {
		out = append(out, ui.Term{Label: i18n.T(ctx, "customers.record.address"), Text: where})
	}
	return append(out, v.term(ctx, "language")...)
}

// relatives are the company above, who sent the customer, and its numbers.
func (v recordView) relatives(ctx context.Context) []ui.Term {
	out := v.term(ctx, "parent")
	if id := v.Values["referrer"]; id != "" {
		out = append(out, ui.Term{Label: fieldLabel(ctx, Field{Name: "referrer"}), Content: v.referrer(ctx, id)})
	}
	for _, name := range []string{"legal_name", "trade_names", "siren", "siret", "vat", "registration", "external_id", "activity", "revenue"} {
		out = append(out, v.term(ctx, name)...)
	}
	return out
}

// referrer leads to an account or a contact: the page of an account sends on
// to where a contact is.
func (v recordView) referrer(ctx context.Context, id string) templ.Component {
	if name := v.Names[id]; name != "" {
		return ui.Link("/customers/"+id, name)
	}
	return plainText(i18n.T(ctx, "customers.record.unknown"))
}

// law is under which regime and on which basis somebody is reached.
func (v recordView) law(ctx context.Context) []ui.Term {
	regime := v.field(ctx, "regime")
	if regime == "" {
		regime = i18n.T(ctx, "customers.record.not_classified")
	}
	basis := v.field(ctx, "basis")
	if basis == "" {
		basis = i18n.T(ctx, "customers.record.no_basis")
	}
	informed := v.field(ctx, "informed_on")
	if informed == "" {
		informed = i18n.T(ctx, "customers.record.not_informed")
	}
	refuses := v.field(ctx, "refuses")
	if refuses == "" {
		refuses = i18n.T(ctx, "customers.record.refuses_nothing")
	}
	return []ui.Term{{Label: fieldLabel(ctx, Field{Name: "regime"}), Text: regime}, {Label: fieldLabel(ctx, Field{Name: "basis"}), Text: basis},
		{Label: fieldLabel(ctx, Field{Name: "informed_on"}), Text: informed}, {Label: fieldLabel(ctx, Field{Name: "refuses"}), Text: refuses}}
}

// custom are the organisation's own fields that say something.
func (v recordView) custom(ctx context.Context) []ui.Term {
	var out []ui.Term
	for _, fd := range v.Schema.Own() {
		out = append(out, v.term(ctx, fd.Name)...)
	}
	return out
}

// menu is what else can be done.
func (v recordView) menu(ctx context.Context) []ui.MenuItem {
	var out []ui.MenuItem
	for i, a := range v.acts {
		if i > 0 {
			out = append(out, ui.MenuItem{Label: i18n.T(ctx, a.Name), Icon: "notebook-pen", Href: panelHref(a, v.ID)})
		}
	}
	if v.Kind == KindAccount && v.may.Make {
		out = append(out, ui.MenuItem{Label: i18n.T(ctx, "customers.record.add_person"), Icon: "user-plus", Href: "/contacts/new?account=" + v.ID},
			ui.MenuItem{Label: i18n.T(ctx, "customers.record.add_site"), Icon: "building-2", Href: "/accounts/new?kind=site&parent=" + v.ID})
	}
	if v.may.Restrict && v.Restricted.IsZero() {
		out = append(out, ui.MenuItem{Label: i18n.T(ctx, "customers.record.restrict"), Icon: "lock", Post: recordPath(v.Kind, v.ID, "restrict"), Rule: len(out) > 0})
	}
	return out
}

// editBeside opens the form in the side panel; its page is the way without script.
func editBeside(v recordView) templ.Attributes {
	a := ui.HX{Get: recordPath(v.Kind, v.ID, "edit"), Target: "#peek"}.Attrs()
	a["data-peek"] = true
	return a
}

func wrongInput(err string) templ.Attributes {
	if err == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "need-e"}
}

func needIcon(n Need) string {
	if n.State == NeedMet {
		return "circle-check"
	}
	return "circle-x"
}

// shortURL is an address without what everybody knows.
func shortURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	return strings.TrimPrefix(u.Host, "www.") + strings.TrimSuffix(u.Path, "/")
}

// membersHref is the list of everybody at an account.
func membersHref(v recordView) string {
	f := Filter{Conditions: []Condition{{Field: "account", Op: Is, Values: []string{v.ID}}}}
	return "/contacts?filter=" + url.QueryEscape(f.String())
}

// positionForm lends the field that names an account to the form of a position.
func (v recordView) positionForm() recordForm {
	f := recordForm{kind: KindContact, sch: v.Schema, errors: v.errors, values: Values{"account": v.place.AccountID}, finders: map[string]lookup{"account": v.found}}
	return f
}

func consentOptions(ctx context.Context, prefix string, codes []string) []ui.Option {
	var out []ui.Option
	for _, c := range codes {
		out = append(out, ui.Option{Value: c, Label: i18n.T(ctx, prefix+c)})
	}
	return out
}

// channelName is what a channel of a consent is called.
func channelName(ctx context.Context, channel string) string {
	if channel == "all" {
		return i18n.T(ctx, "customers.record.all_channels")
	}
	return choiceLabel(ctx, Field{Name: "refuses"}, channel)
}

func channelOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "all", Label: channelName(ctx, "all")}}
	for _, c := range Channels() {
		out = append(out, ui.Option{Value: c, Label: channelName(ctx, c)})
	}
	return out
}

// heardIn is where an act of a person was heard.
func heardIn(ctx context.Context, source string) string {
	if key := "customers.record.heard." + source; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return source
}

func heardOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range codes("call mail letter meeting form") {
		out = append(out, ui.Option{Value: s, Label: heardIn(ctx, s)})
	}
	return out
}

// actTag is the tint of an act.
func actTag(a ConsentAct) ui.TagKind {
	switch a {
	case ConsentGiven:
		return ui.OK
	case ConsentRefused, ConsentWithdrawn:
		return ui.Late
	}
	return ui.Fact
}

func actIcon(a ConsentAct) string {
	switch a {
	case ConsentGiven:
		return "check"
	case ConsentInformed:
		return "info"
	}
	return "ban"
}

func actCodes() []string {
	var out []string
	for _, a := range ConsentActs() {
		out = append(out, string(a))
	}
	return out
}
