package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/search"
)

// index makes records findable, or those that are not live unfindable.
func (s *Service) index(ctx context.Context, tx db.Tx, k Kind, recs []*Record) error {
	docs := make([]search.Doc, 0, len(recs))
	var gone []string
	var accounts map[string]string
	if k == KindContact {
		var err error
		if accounts, err = selectNames(ctx, tx.Reader, employers(recs)); err != nil {
			return err
		}
	}
	for _, rec := range recs {
		if !rec.Live() {
			gone = append(gone, rec.ID)
			continue
		}
		docs = append(docs, docOf(rec, accounts[rec.Values["account"]]))
	}
	if len(gone) > 0 {
		if err := search.Delete(ctx, tx, string(k), gone...); err != nil {
			return err
		}
	}
	return search.Put(ctx, tx, docs...)
}

func employers(recs []*Record) []string {
	seen := map[string]bool{}
	var out []string
	for _, r := range recs {
		if id := r.Values["account"]; id != "" && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// docOf is a record as the search knows it.
func docOf(rec *Record, employer string) search.Doc {
	v := rec.Values
	d := search.Doc{Kind: string(rec.Kind), ID: rec.ID, Title: rec.Title(), Customer: true, Unit: v["unit"], Region: v["region"], Owners: [2]string{v["sales"], v["marketing"]}}
	var body []string
	for _, f := range []string{"legal_name", "trade_names", "title", "city", "sector", "tags"} {
		if v[f] != "" {
			body = append(body, strings.ReplaceAll(v[f], "\n", ", "))
		}
	}
	if employer != "" {
		body = append([]string{employer}, body...)
	}
	d.Body = strings.Join(body, " · ")
	for _, p := range PointsOf("email", v["emails"]) {
		d.Keys = append(d.Keys, p.Value)
	}
	for _, p := range PointsOf("phone", v["phones"]) {
		d.Keys = append(d.Keys, phoneKeys(p.Value)...)
	}
	for _, f := range []string{"siren", "siret", "vat", "registration", "external_id"} {
		if v[f] != "" {
			d.Keys = append(d.Keys, v[f])
		}
	}
	if rec.Kind == KindAccount {
		if dom := domainOf(v); dom != "" {
			d.Keys = append(d.Keys, dom)
		}
	}
	return d
}

// phoneKeys are the ways in which people type a number: with the country and,
// for France and its neighbours, from the inside.
func phoneKeys(e164 string) []string {
	out := []string{e164}
	for prefix, inside := range map[string]string{"+33": "0", "+32": "0", "+41": "0", "+352": "", "+1": ""} {
		if rest, ok := strings.CutPrefix(e164, prefix); ok {
			out = append(out, inside+rest)
		}
	}
	return out
}
