package team

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

func TestWhoToInvolve(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		o.ok(o.Prepare(o.system()))
		got, err := o.WhoToInvolve(o.as("Yann"), Question{Situation: "new_opportunity", Product: "vannes", RegionID: at["Ouest"]})
		o.ok(err)
		if len(got) != 1 || len(got[0].Proposals) != 1 || got[0].Proposals[0].Person.Given != "Emma" || got[0].Question.RegionName != "Ouest" {
			t.Fatalf("%+v", got)
		}
		_, err = o.SetAbsence(o.as("Emma"), Absence{PersonID: o.ids["Emma"], From: on("2026-11-20"), To: on("2026-11-30"), DeputyID: o.ids["Nadia"]})
		o.ok(err)
		got, err = o.WhoToInvolve(o.as("Yann"), Question{Situation: "new_opportunity", Product: "vannes"})
		o.ok(err)
		if p := got[0].Proposals[0]; p.Person.Given != "Nadia" || p.InPlaceOf == nil || p.InPlaceOf.Given != "Emma" || p.Until != on("2026-11-30") {
			t.Errorf("%+v", p)
		}
		got, err = o.WhoToInvolve(o.as("Yann"), Question{On: "account", Tier: "B", Segment: "Agroalimentaire"})
		o.ok(err)
		for _, a := range got {
			if a.Situation.Code == "business_review" {
				t.Error("the review of A accounts is proposed for a B account")
			}
		}
		if len(got) < 4 {
			t.Errorf("only %d situations on an account", len(got))
		}
		if _, err = o.WhoToInvolve(o.as("Yann"), Question{Situation: "nothing"}); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("%v", err)
		}
		if got, err = o.WhoToInvolve(o.as("Yann"), Question{On: "account", RegionID: "gone"}); err != nil || len(got) == 0 {
			t.Errorf("a region that is gone stops the guide: %v", err)
		}
	})
}

func TestTheCatalogueIsTheOrganisations(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		o.ok(o.Prepare(o.system()))
		s, err := o.Situation(o.as("Marc"), "price_exception")
		o.ok(err)
		o.refused(errs.KindForbidden, func() error { _, err := o.SaveSituation(o.as("Yann"), s); return err })
		o.refused(errs.KindForbidden, func() error { _, err := o.SaveSituation(o.as("Ines"), s); return err })

		s.NameFR, s.Active = "Remise hors tarif", false
		_, err = o.SaveSituation(o.as("Marc"), s)
		o.ok(err)
		o.refused(errs.KindStale, func() error { _, err := o.SaveSituation(o.as("Marc"), s); return err })
		o.ok(o.Prepare(o.system()))
		again, err := o.Situation(o.as("Marc"), s.ID)
		o.ok(err)
		if again.NameFR != "Remise hors tarif" || again.Active {
			t.Errorf("a new start wrote over an edited situation: %+v", again)
		}
		if _, err := o.Situation(o.as("Yann"), s.ID); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("a situation put aside is shown: %v", err)
		}
		own := Situation{NameEN: "Sample", NameFR: "Échantillon", MomentEN: "m", MomentFR: "m", ReasonEN: "r {product}", ReasonFR: "r", Active: true,
			Rule: Rule{Roles: []auth.Role{ProductManager}}}
		id, err := o.SaveSituation(o.as("Nadia"), own)
		o.ok(err)
		all, err := o.Situations(o.as("Yann"))
		o.ok(err)
		if all[len(all)-1].ID != id {
			t.Error("a new situation does not stand last")
		}
		own.ReasonFR, own.Rule = "r {client}", Rule{PersonID: "nobody", Count: 9}
		o.refused(errs.KindInvalid, func() error {
			_, err := o.SaveSituation(o.as("Nadia"), own)
			if cmp.Diff([]string{"reason_fr", "count", "person"}, fields(err)) != "" {
				t.Errorf("%v", err)
			}
			return err
		})
	})
}

func TestANewReleaseBringsItsWordsToWhatNobodyEdited(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.ok(o.Prepare(o.system()))
		exec(o, "update situations set name_en = 'Old words' where code = 'complaint'")
		exec(o, "delete from situations where code = 'tender'")
		o.ok(o.Prepare(o.system()))
		s, err := o.Situation(o.system(), "complaint")
		o.ok(err)
		if s.NameEN == "Old words" {
			t.Error("the words of an older release stayed")
		}
		if _, err := o.Situation(o.system(), "tender"); err != nil {
			t.Errorf("a situation of the new release is missing: %v", err)
		}
	})
}

func TestASentenceKeepsItsTypography(t *testing.T) {
	const typed = "Vu\u00a0: «\u202f{product}\u202f»\r\n et\tla  suite"
	if got := oneLine(typed); got != "Vu\u00a0: «\u202f{product}\u202f» et la suite" {
		t.Errorf("%q", got)
	}
}
