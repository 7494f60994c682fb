package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// likeness is a live record that shares one mark with some values.
type likeness struct{ id, field string }

// selectLike finds live records that share an address, a number, a register
// number or a telephone with a family name with some values. Each way has an
// index; at most a few are given.
func selectLike(ctx context.Context, r db.Reader, scope auth.Scope, k Kind, except string, v Values) ([]likeness, error) {
	const most = 5
	l := layoutOf(k)
	var out []likeness
	ask := func(field, text string, args ...any) error {
		var w db.Where
		w.And(text, args...)
		readable(&w, "m", scope)
		w.And(`m.live = true`)
		w.And(`m.id <> $#`, except)
		from := l.table + ` r join ` + l.table + ` m on m.id = r.master_id`
		if field == "emails" || field == "phones" {
			from = `points p join ` + l.table + ` r on r.id = p.record_id join ` + l.table + ` m on m.id = r.master_id`
		}
		found, err := db.All(ctx, r, db.Value[string], `select m.id from `+from+w.String()+` order by m.id limit 5`, w.Args()...)
		for _, id := range found {
			out = append(out, likeness{id: id, field: field})
		}
		return err
	}
	if all := pointValues("email", v["emails"]); len(all) > 0 {
		if err := ask("emails", `p.kind = 'email' and p.value in (`+db.Marks(len(all))+`)`, db.Args(all)...); err != nil {
			return nil, err
		}
	}
	if all := pointValues("phone", v["phones"]); len(all) > 0 {
		text, args := `p.kind = 'phone' and p.value in (`+db.Marks(len(all))+`)`, db.Args(all)
		if k == KindContact { // a switchboard is everybody's: the name must agree
			text += ` and r.name_key >= $# and r.name_key < $#`
			family := cutKey(db.Fold(v["family"]))
			args = append(args, family, family+"\U0010ffff")
		}
		if k == KindAccount || v["family"] != "" {
			if err := ask("phones", text, args...); err != nil {
				return nil, err
			}
		}
	}
	if k == KindAccount {
		for _, field := range []string{"siret", "vat", "siren"} {
			if v[field] == "" || (field == "siren" && v["siret"] != "") {
				continue // two sites of one company share its SIREN
			}
			if err := ask(field, `r.`+field+` = $#`, v[field]); err != nil {
				return nil, err
			}
		}
		if v["name"] != "" && v["city"] != "" {
			if err := ask("name", `r.name_key = $# and r.city_key = $#`, nameKey(k, v), cutKey(db.Fold(v["city"]))); err != nil {
				return nil, err
			}
		}
	}
	if key := cutKey(db.Fold(v["external_id"])); key != "" {
		if err := ask("external_id", `r.external_key = $#`, key); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	kept := out[:0]
	for _, x := range out {
		if !seen[x.id] && len(kept) < most {
			seen[x.id] = true
			kept = append(kept, x)
		}
	}
	return kept, nil
}

// pointValues are the good addresses or numbers of a value, as compared.
func pointValues(kind, value string) []string {
	var out []string
	for _, p := range PointsOf(kind, value) {
		if p.State != "invalid" && p.Value != "" {
			out = append(out, p.Value)
		}
	}
	return out
}
