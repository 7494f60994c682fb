package timeline

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/search"
)

func TestLoggedTwiceUnderOneKeyHappenedOnce(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		in := Touch{ContactID: f.ada, Kind: "visit", Body: "Ligne 2 en mars"}
		first, err := f.Log(f.as("Yann"), in, "k1")
		f.ok(err)
		again, err := f.Log(f.as("Yann"), in, "k1")
		f.ok(err)
		if again.ID != first.ID || !again.Repeated || first.Repeated {
			t.Errorf("again: %+v, first %+v", again, first)
		}
		other, err := f.Log(f.as("Sofia"), in, "k1") // her key is not his
		f.ok(err)
		if other.Repeated {
			t.Error("somebody met the key of another")
		}
		if got := f.texts("Yann", customers.KindContact, f.ada, Filter{}); len(got) != 2 {
			t.Errorf("%q", got)
		}
		if count[TouchLogged](f) != 2 {
			t.Errorf("facts: %d", count[TouchLogged](f))
		}
	})
}

func TestVoiceIsThatOfTheAuthorsDepartment(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		for given, want := range map[string]Voice{"Yann": Sales, "Camille": Marketing, "Emma": "", "Marc": Sales} {
			id := f.log(given, Touch{ContactID: f.ada, Kind: "call", Voice: Marketing, Body: given}, 5)
			got, err := f.Touch(f.as("Yann"), id)
			f.ok(err)
			if got.Voice != want || got.ByName != given+" Test" || got.Who != "Ada Moreau" || got.AccountID != f.acme {
				t.Errorf("%s: %+v", given, got)
			}
		}
		in := f.log("Yann", Touch{ContactID: f.ada, Kind: "call", Direction: In}, 4)
		if got, err := f.Touch(f.as("Yann"), in); err != nil || got.Voice != Customer {
			t.Errorf("his own call: %+v %v", got, err)
		}
		both := f.log("Yann", Touch{ContactID: f.ada, Kind: "visit", Voice: Both}, 3)
		if got, err := f.Touch(f.as("Yann"), both); err != nil || got.Voice != Both {
			t.Errorf("joint visit: %+v %v", got, err)
		}
		for voice, want := range map[Voice]int{Customer: 1, Sales: 3, Marketing: 2, "": 6} {
			if got := f.texts("Yann", customers.KindAccount, f.acme, Filter{Voice: voice}); len(got) != want {
				t.Errorf("%q: %d touches, want %d", voice, len(got), want)
			}
		}
	})
}

func TestTouchesMoveTheLastTouchButNotRobotsNorPrivateNotes(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		ago := func(minutes int) db.Time { return db.At(noon.Add(-time.Duration(minutes) * time.Minute)) }
		f.log("Yann", Touch{ContactID: f.ada, Kind: "visit"}, 60)
		f.log("Yann", Touch{ContactID: f.ada, Kind: "mail", Direction: In}, 90)
		f.log("Yann", Touch{ContactID: f.ada, Kind: "note", Private: true, Body: "pour moi"}, 10)
		_, err := f.LogMany(f.as("Camille"), []Touch{{ContactID: f.ada, Kind: "mail", Direction: In, Machine: true, At: ago(5)}})
		f.ok(err)
		rec := f.stands(customers.KindContact, f.ada)
		if rec.LastTouch != ago(60) || rec.EvidenceAt != ago(90) || rec.Evidence != "mail" {
			t.Errorf("contact: %v %v %q", rec.LastTouch.Go(), rec.EvidenceAt.Go(), rec.Evidence)
		}
		if got := f.stands(customers.KindAccount, f.acme).LastTouch; got != ago(60) {
			t.Errorf("account: %v", got.Go())
		}
	})
}

func TestCorrectedTouchStandsInThePlaceOfTheOld(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		old := f.log("Yann", Touch{ContactID: f.ada, Kind: "visit", Body: "mars"}, 30)
		kept, err := f.Touch(f.as("Yann"), old)
		f.ok(err)
		c := ChangeOf(&kept.Touch)
		c.Body, c.At = "avril", db.At(noon.Add(-2*time.Hour))
		now, err := f.Correct(f.as("Yann"), old, c)
		f.ok(err)
		if got := f.texts("Camille", customers.KindContact, f.ada, Filter{}); !slices.Equal(got, []string{"avril"}) {
			t.Errorf("%q", got)
		}
		if rec := f.stands(customers.KindContact, f.ada); rec.LastTouch != c.At {
			t.Errorf("last touch %v", rec.LastTouch.Go())
		}
		if got, err := f.Touch(f.as("Sofia"), old); err != nil || got.ID != now || got.CanEdit {
			t.Errorf("the old address: %+v %v", got, err)
		}
		f.refused(errs.KindConflict, func() error { _, err := f.Correct(f.as("Yann"), old, c); return err })
		f.refused(errs.KindForbidden, func() error { _, err := f.Correct(f.as("Sofia"), now, c); return err })
		f.refused(errs.KindForbidden, func() error { return f.Withdraw(f.as("Denis"), now) })
		f.ok(f.Withdraw(f.as("Marc"), now))
		if got := f.texts("Yann", customers.KindContact, f.ada, Filter{}); len(got) != 0 {
			t.Errorf("withdrawn, and shown: %q", got)
		}
		if rec := f.stands(customers.KindContact, f.ada); rec.LastTouch != 0 {
			t.Errorf("last touch of nothing: %v", rec.LastTouch.Go())
		}
		if _, err := f.Touch(f.as("Yann"), now); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("withdrawn: %v", err)
		}
		_, err = f.Restore(f.as("Yann"), now)
		f.ok(err)
		if got := f.texts("Yann", customers.KindContact, f.ada, Filter{}); !slices.Equal(got, []string{"avril"}) {
			t.Errorf("restored: %q", got)
		}
		if rec := f.stands(customers.KindContact, f.ada); rec.LastTouch != c.At {
			t.Errorf("last touch %v", rec.LastTouch.Go())
		}
	})
}

func TestPrivateNoteIsItsAuthorsAlone(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		id := f.log("Yann", Touch{ContactID: f.ada, Kind: "note", Private: true, Body: "canarymot secret"}, 5)
		if count[TouchLogged](f) != 0 {
			t.Error("a fact told of a private note")
		}
		for _, given := range []string{"Sofia", "Camille", "Marc", "Denis"} {
			if got := f.texts(given, customers.KindContact, f.ada, Filter{}); len(got) != 0 {
				t.Errorf("%s reads %q", given, got)
			}
			if _, err := f.Touch(f.as(given), id); !errs.Is(err, errs.KindNotFound) {
				t.Errorf("%s: %v", given, err)
			}
			f.refused(map[bool]errs.Kind{true: errs.KindForbidden, false: errs.KindNotFound}[given == "Denis"], func() error { return f.Withdraw(f.as(given), id) })
			if hits, err := f.SearchSource().Find(f.as(given), "canarymot", 5); err != nil || len(hits) != 0 {
				t.Errorf("%s finds %+v %v", given, hits, err)
			}
		}
		if got := f.texts("Yann", customers.KindAccount, f.acme, Filter{}); len(got) != 1 {
			t.Errorf("its author: %q", got)
		}
		if hits, err := f.SearchSource().Find(f.as("Yann"), "canarymot", 5); err != nil || len(hits) != 1 {
			t.Errorf("its author finds %+v %v", hits, err)
		}
	})
}

func TestWhoMayNotReadTheCustomerFindsNothingOfHim(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		id := f.log("Yann", Touch{ContactID: f.ada, Kind: "visit", Body: "canarymot"}, 5)
		f.log("Yann", Touch{ContactID: f.ben, Kind: "visit", Body: "libre"}, 4)
		narrow := auth.From(f.as("Sofia"))
		narrow.Scope = auth.Scope{UserID: narrow.UserID, Customers: true, OwnOnly: true}
		ctx := auth.With(f.as("Sofia"), narrow)
		f.exec(`update contacts set sales_id = $1 where id = $2`, narrow.UserID, f.ben)
		f.exec(`update accounts set marketing_id = $1 where id = $2`, narrow.UserID, f.acme)
		_, page, err := f.Stream(ctx, Query{Kind: customers.KindAccount, ID: f.acme, Limit: 1})
		f.ok(err)
		if len(page.Touches) != 1 || page.Touches[0].Body != "libre" || page.Older != nil {
			t.Errorf("%+v", page)
		}
		if _, _, err := f.Stream(ctx, Query{Kind: customers.KindContact, ID: f.ada}); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("stream: %v", err)
		}
		if _, err := f.Touch(ctx, id); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("touch: %v", err)
		}
		f.refused(errs.KindNotFound, func() error { _, err := f.Log(ctx, Touch{ContactID: f.ada, Kind: "call"}, ""); return err })
		if hits, err := f.SearchSource().Find(ctx, "canarymot", 5); err != nil || len(hits) != 0 {
			t.Errorf("finds %+v %v", hits, err)
		}
	})
}

func TestStreamGoesBothWaysWithoutLossOrRepetition(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		at := db.At(noon.Add(-time.Hour)) // five at one instant: the id decides
		for i := range 12 {
			when := at
			if i >= 5 {
				when = at.Add(-time.Duration(i) * time.Minute)
			}
			f.log("Yann", Touch{ContactID: []string{f.ada, f.ben, ""}[i%3], AccountID: f.acme, Kind: "call", At: when, Body: strings.Repeat("x", i+1)}, 0)
		}
		q := Query{Kind: customers.KindAccount, ID: f.acme, Limit: 5}
		var down []string
		var pages []Page
		for {
			_, p, err := f.Stream(f.as("Sofia"), q)
			f.ok(err)
			pages = append(pages, p)
			for _, x := range p.Touches {
				down = append(down, x.ID)
			}
			if p.Older == nil {
				break
			}
			q.At = *p.Older
		}
		slices.Sort(down)
		if len(slices.Compact(down)) != 12 || len(pages) != 3 {
			t.Fatalf("%d touches on %d pages", len(down), len(pages))
		}
		q.At = *pages[2].Newer
		_, back, err := f.Stream(f.as("Sofia"), q)
		f.ok(err)
		if len(back.Touches) != 5 || back.Touches[0].ID != pages[1].Touches[0].ID || back.Touches[4].ID != pages[1].Touches[4].ID || back.Older == nil || back.Newer == nil {
			t.Errorf("back: %+v", back)
		}
		again, err := ParseCursor(pages[0].Older.String())
		if err != nil || again != *pages[0].Older {
			t.Errorf("cursor: %+v %v", again, err)
		}
	})
}

func TestMergedRecordsTellOneStory(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		twin := f.customer("Yann", customers.KindContact, customers.Values{"family": "Moreau"})
		f.log("Yann", Touch{ContactID: twin, Kind: "call", Body: "du double"}, 20)
		f.log("Yann", Touch{ContactID: f.ada, Kind: "call", Body: "de l’autre"}, 10)
		f.exec(`update contacts set master_id = $1, live = false where id = $2`, f.ada, twin)
		for _, id := range []string{f.ada, twin} {
			if got := f.texts("Sofia", customers.KindContact, id, Filter{}); !slices.Equal(got, []string{"de l’autre", "du double"}) {
				t.Errorf("%q", got)
			}
		}
		id := f.log("Yann", Touch{ContactID: twin, Kind: "call"}, 5)
		if got, err := f.Touch(f.as("Yann"), id); err != nil || got.ContactID != f.ada {
			t.Errorf("a new touch stands on the master: %+v %v", got, err)
		}
	})
}

func TestTouchesFollowTheRightsAndTheAccountOfTheirContact(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		eve := f.customer("Yann", customers.KindContact, customers.Values{"family": "Eve"})
		id := f.log("Yann", Touch{ContactID: eve, Kind: "note", Body: "zanzibar"}, 5)
		narrow := auth.From(f.as("Sofia"))
		narrow.Scope = auth.Scope{UserID: narrow.UserID, Customers: true, OwnOnly: true}
		ctx := auth.With(f.as("Sofia"), narrow)
		find := func() int {
			hits, err := f.SearchSource().Find(ctx, "zanzibar", 5)
			f.ok(err)
			return len(hits)
		}
		if find() != 0 {
			t.Error("found before it was hers")
		}
		rec := f.stands(customers.KindContact, eve)
		v := customers.Values{"family": "Eve", "sales": narrow.UserID, "account": f.acme}
		_, err := f.base.Save(f.as("Marc"), customers.KindContact, eve, rec.Version, v)
		f.ok(err)
		if find() != 1 {
			t.Error("not found by its new owner")
		}
		if got := f.texts("Yann", customers.KindAccount, f.acme, Filter{}); !slices.Equal(got, []string{"zanzibar"}) {
			t.Errorf("account of a contact who got one: %q", got)
		}
		_ = id
	})
}

func TestImportedTouchesAreThereOnceAndFound(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		at := db.At(noon.Add(-24 * time.Hour))
		list := []Touch{
			{ContactID: f.ada, Kind: "order", Direction: In, At: at, Once: "a", Subject: "Commande de garnitures"},
			{ContactID: f.ben, Kind: "call", Voice: Sales, At: at.Add(time.Hour), Once: "b"},
			{AccountID: f.acme, Kind: "document", Voice: Marketing, At: at.Add(2 * time.Hour), Once: "c", Body: "Étude de cas"},
			{ContactID: f.ada, Kind: "order", At: at, Once: "a"},
		}
		ids, err := f.LogMany(f.as("Camille"), list)
		f.ok(err)
		if ids[0] == "" || ids[3] != "" {
			t.Errorf("%q", ids)
		}
		if ids, err = f.LogMany(f.as("Camille"), list); err != nil || strings.Join(ids, "") != "" {
			t.Errorf("again: %q %v", ids, err)
		}
		if got := f.texts("Yann", customers.KindAccount, f.acme, Filter{}); len(got) != 3 {
			t.Errorf("%q", got)
		}
		if rec := f.stands(customers.KindContact, f.ada); rec.EvidenceAt != at || rec.Evidence != "order" {
			t.Errorf("evidence: %v %q", rec.EvidenceAt.Go(), rec.Evidence)
		}
		hits, err := f.SearchSource().Find(f.as("Yann"), "garniture", 5)
		if err != nil || len(hits) != 1 || hits[0].Href != "/touches/"+ids0(t, f) {
			t.Errorf("%+v %v", hits, err)
		}
		if hits, err := f.SearchSource().Find(f.as("Yann"), "ga", 5); err != nil || len(hits) != 0 {
			t.Errorf("from three letters on: %+v %v", hits, err)
		}
		f.refused(errs.KindNotFound, func() error {
			_, err := f.LogMany(f.as("Yann"), []Touch{{ContactID: f.ada, Kind: "call", At: at}, {ContactID: "unknown", Kind: "call", At: at}})
			return err
		})
	})
}

// ids0 is the id of the only order.
func ids0(t *testing.T, f *field) string {
	t.Helper()
	_, page, err := f.Stream(f.as("Yann"), Query{Kind: customers.KindContact, ID: f.ada, Filter: Filter{Kind: "order"}})
	f.ok(err)
	return page.Touches[0].ID
}

func TestErasedContactLeavesNoTouch(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		f.log("Yann", Touch{ContactID: f.ada, Kind: "note", Body: "canarymot"}, 5)
		f.log("Sofia", Touch{ContactID: f.ada, Kind: "note", Private: true, Body: "canarymot privé"}, 4)
		f.log("Yann", Touch{ContactID: f.ben, Kind: "note", Body: "reste"}, 3)
		var out strings.Builder
		f.ok(f.db.Read(f.system(), func(ctx context.Context, r db.Reader) error { return f.ExportContact(ctx, r, f.ada, &out) }))
		if strings.Count(out.String(), "canarymot") != 2 || strings.Contains(out.String(), "reste") {
			t.Errorf("export: %s", out.String())
		}
		f.ok(f.db.Write(f.system(), func(ctx context.Context, tx db.Tx) error { return f.EraseContact(ctx, tx, f.ada) }))
		if got := f.texts("Yann", customers.KindAccount, f.acme, Filter{}); !slices.Equal(got, []string{"reste"}) {
			t.Errorf("%q", got)
		}
		f.ok(f.db.Read(f.system(), func(ctx context.Context, r db.Reader) error {
			res, err := search.Find(ctx, r, search.Query{Scope: auth.Scope{UserID: f.ids["Sofia"], All: true}, Text: "canarymot", Kinds: []string{SearchKind}})
			if len(res.Hits) != 0 {
				t.Errorf("index: %+v", res.Hits)
			}
			return err
		}))
	})
}

func TestWhatIsToBeTakenUpAgainWaitsUntilItWas(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		f.log("Yann", Touch{ContactID: f.ada, Kind: "call", Body: "rappeler", FollowOn: "2026-11-24"}, 5)
		f.log("Yann", Touch{ContactID: f.ben, Kind: "call", Body: "plus tard", FollowOn: "2026-12-24"}, 5)
		due := func(given string) []Told {
			got, err := f.ToFollow(f.as(given))
			f.ok(err)
			return got
		}
		if got := due("Yann"); len(got) != 1 || got[0].Body != "rappeler" {
			t.Errorf("%+v", got)
		}
		if got := due("Sofia"); len(got) != 0 {
			t.Errorf("of somebody else: %+v", got)
		}
		f.log("Sofia", Touch{ContactID: f.ada, Kind: "call"}, 1)
		if got := due("Yann"); len(got) != 0 {
			t.Errorf("somebody called since: %+v", got)
		}
	})
}
