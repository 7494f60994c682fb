package customers

import (
	"context"
	"net/http"
	"time"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// previewView is a record beside its list.
type previewView struct {
	rec    *Record
	names  Names
	second string
	terms  []ui.Term
}

// previewFields are what the side panel shows of a record, where it says it.
func previewFields(k Kind) []string {
	if k == KindAccount {
		return []string{"relations", "sector", "tier", "tags", "phones", "emails", "website", "city", "region", "parent", "siren"}
	}
	return []string{"job", "seniority", "emails", "phones", "language", "tags", "city", "region", "basis", "informed_on", "refuses"}
}

// preview shows a record beside the list; without script it is the record's page.
func (p *Pages) preview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	kind := kindOf(r.URL.Path)
	sheet, err := p.Service.Record(ctx, kind, web.Path(r, "id"))
	if err != nil {
		return err
	}
	if !web.IsHTMX(r) {
		return web.Redirect(w, r, rowHref(sheet.Record))
	}
	v := previewView{rec: sheet.Record}
	if v.names, err = p.Service.NamesOf(ctx, sheet.Schema, sheet.Values); err != nil {
		return err
	}
	v.second = previewSecond(v)
	for _, name := range previewFields(kind) {
		f, _ := sheet.Schema.Field(name)
		if text := recordText(ctx, f, sheet.Values, v.names); text != "" {
			v.terms = append(v.terms, ui.Term{Label: fieldLabel(ctx, f), Text: text})
		}
	}
	last, _ := sheet.Schema.Field("last_touch")
	v.terms = append(v.terms, ui.Term{Label: fieldLabel(ctx, last), Content: ui.Ago(sheet.LastTouch.Go(), p.now(ctx))})
	return web.Render(w, r, http.StatusOK, previewPanel(v))
}

func (p *Pages) now(ctx context.Context) time.Time { return p.Clock.Now().In(i18n.Zone(ctx)) }

func previewSecond(v previewView) string {
	if v.rec.Kind == KindContact {
		return dotted(v.rec.Values["title"], v.names[v.rec.Values["account"]])
	}
	return dotted(v.rec.Values["sector"], v.rec.Values["city"])
}

// exportOptions are the forms in which a list can be taken away.
//
// i18n: customers.list.export.*
func exportOptions(ctx context.Context, k Kind) []ui.Option {
	var out []ui.Option
	for _, f := range exportFormats(k) {
		out = append(out, ui.Option{Value: f, Label: i18n.T(ctx, "customers.list.export."+f)})
	}
	return out
}

// exportFormats lists them; a company is no card.
func exportFormats(k Kind) []string {
	if k == KindContact {
		return []string{"csv", "xlsx", "jsonl", "vcf"}
	}
	return []string{"csv", "xlsx", "jsonl"}
}
