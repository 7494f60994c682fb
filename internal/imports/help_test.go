//go:build unix

package imports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/imports"
	"unisson/internal/imports/table"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		childMain()
		return
	}
	dbtest.Main(m)
}

// house is the product with an import at work in the test's own process.
type house struct {
	*apptest.App
	t   testing.TB
	ctx context.Context
}

func open(t testing.TB, d *db.DB) *house {
	return &house{App: apptest.New(t, d), t: t, ctx: auth.AsSystem(context.Background())}
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// upload brings a file as far as somebody looks at the guess.
func (h *house) upload(target, content string, plan imports.Plan) imports.Import {
	h.t.Helper()
	i, err := h.Imports.Upload(h.ctx, target, "file.csv", strings.NewReader(content), table.Dialect{})
	h.ok(err)
	if plan != (imports.Plan{}) {
		i, err = h.Imports.Correct(h.ctx, i.ID, plan)
		h.ok(err)
	}
	return i
}

// bring brings a file in, from beginning to end.
func (h *house) bring(target, content string) imports.Import {
	h.t.Helper()
	i := h.upload(target, content, imports.Plan{})
	h.ok(h.Imports.Run(h.ctx, i.ID))
	return h.work(i.ID)
}

func (h *house) work(id string) imports.Import {
	h.t.Helper()
	h.ok(h.Imports.Work(h.ctx, id, nil))
	i, err := h.Imports.Import(h.ctx, id)
	h.ok(err)
	return i
}

func (h *house) undo(id string) imports.Import {
	h.t.Helper()
	h.ok(h.Imports.Undo(h.ctx, id))
	return h.work(id)
}

func shape(i imports.Import) string {
	return fmt.Sprintf("%s %d = %d+%d+%d+%d also %d", i.State, i.Done, i.Created, i.Updated, i.Unchanged, i.Rejected, i.Also)
}

// people writes a file of n contacts: names, addresses, numbers, companies,
// rows that repeat others, and rows that say too little.
func people(seed uint64, n int) string {
	rnd := rand.New(rand.NewPCG(seed, 1))
	given, family := strings.Fields("Marie Jean Sophie Luc Anne Paul Zoé Noé Inès Théo"), strings.Fields("Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Simon")
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(strings.Split("Record ID,First Name,Last Name,Email,Phone Number,Mobile phone,Company,Job Title,City,Zip,Country,Tags", ","))
	for k := range n {
		g, f, at := given[rnd.IntN(10)], family[rnd.IntN(10)], k
		if rnd.IntN(50) == 0 {
			at = rnd.IntN(k + 1)
		}
		email := fmt.Sprintf("%s.%d@exemple%d.fr", db.Fold(f), at, at%97)
		row := []string{fmt.Sprintf("C%d", at), g, f, email, fmt.Sprintf("01 %02d %02d %02d %02d", rnd.IntN(100), rnd.IntN(100), rnd.IntN(100), rnd.IntN(100)), fmt.Sprintf("06%08d", rnd.IntN(1e8)),
			fmt.Sprintf("Atelier %d", at%(n/5+1)), "Acheteuse", "Nantes", "44000", "France", []string{"", "salon", "Salon; client"}[rnd.IntN(3)]}
		switch rnd.IntN(100) {
		case 0:
			row = []string{"", "", "", "", "", "", "", "Chef", "", "", "", ""}
		case 1:
			row[0], row[3] = "", ""
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.String()
}

// dump is what an import leaves, with ids and instants replaced by the order of
// the rows.
func (h *house) dump(importID string) string {
	h.t.Helper()
	var out []string
	h.ok(h.DB.Read(h.ctx, func(ctx context.Context, r db.Reader) error {
		for _, q := range []string{
			`select cast(x.n as text), x.fate, x.code, coalesce(c.family, ''), coalesce(c.given, ''), coalesce(c.email, ''), coalesce(c.phone, ''), coalesce(a.name, ''), coalesce(cast(c.version as text), '')
				from import_rows x left join contacts c on c.id = x.record_id left join accounts a on a.id = c.account_id where x.import_id = $1 and x.dry = false order by x.n`,
			`select p.kind, p.value, p.label, cast(p.place as text), c.external_id, c.email, '', '', '' from points p join contacts c on c.id = p.record_id where c.source_id = $1 order by c.external_id, c.email, p.kind, p.place`,
			`select t.name, c.external_id, c.email, '', '', '', '', '', '' from record_tags x join tags t on t.id = x.tag_id join contacts c on c.id = x.record_id where c.source_id = $1 order by c.external_id, c.email, t.name_key`,
			`select e.changes, cast(e.version as text), c.external_id, c.email, '', '', '', '', '' from record_edits e join contacts c on c.id = e.record_id where e.source_id = $1 order by c.external_id, c.email, e.version`,
			`select a.name, a.kind, '', '', '', '', '', '', '' from accounts a where a.source_id = $1 order by a.name_key`,
			`select d.title, d.body, d.keys, '', '', '', '', '', '' from search_docs d join contacts c on c.id = d.id where c.source_id = $1 order by d.title, d.keys`,
		} {
			err := db.Each(ctx, r, func(row db.Row) error {
				var c [9]string
				err := row.Scan(&c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7], &c[8])
				out = append(out, strings.Join(c[:], "|"))
				return err
			}, q, importID)
			if err != nil {
				return err
			}
			out = append(out, "--")
		}
		return nil
	}))
	return strings.Join(out, "\n")
}
