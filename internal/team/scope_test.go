package team

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
)

func TestScopeForEachRole(t *testing.T) {
	west := Place{UnitID: "fluids", RegionID: "west"}
	heads := Place{UnitID: "fluids", RegionID: "west", HeadsUnits: []string{"fluids", "service"}}
	units := func(u ...string) []string { return u }
	for _, c := range []struct {
		name    string
		roles   []auth.Role
		at      Place
		reading Reading
		want    auth.Scope
	}{
		{"salesperson", []auth.Role{Salesperson}, west, ReadUnits, auth.Scope{Customers: true, Units: units("fluids")}},
		{"salesperson narrowed to his region", []auth.Role{Salesperson}, west, ReadRegions, auth.Scope{Customers: true, Units: units("fluids"), Regions: units("west")}},
		{"salesperson narrowed to his own", []auth.Role{Salesperson}, west, ReadOwn, auth.Scope{Customers: true, Units: units("fluids"), OwnOnly: true}},
		{"marketer of the whole company", []auth.Role{Marketer}, Place{}, ReadRegions, auth.Scope{Customers: true}},
		{"both in a small firm", []auth.Role{Salesperson, Marketer}, west, ReadUnits, auth.Scope{Customers: true, Units: units("fluids")}},
		{"product manager is not narrowed", []auth.Role{ProductManager}, west, ReadOwn, auth.Scope{Customers: true, Units: units("fluids")}},
		{"head of two units", []auth.Role{HeadOfSales}, heads, ReadOwn, auth.Scope{Customers: true, Units: units("fluids", "service")}},
		{"head who also sells", []auth.Role{HeadOfSales, Salesperson}, west, ReadOwn, auth.Scope{Customers: true, Units: units("fluids")}},
		{"executive", []auth.Role{Executive}, west, ReadUnits, auth.Scope{Customers: true}},
		{"integrator", []auth.Role{Integrator}, west, ReadRegions, auth.Scope{Customers: true}},
		{"data protection", []auth.Role{DPO}, west, ReadUnits, auth.Scope{Customers: true}},
		{"administrator", []auth.Role{Administrator}, west, ReadUnits, auth.Scope{All: true, Customers: true}},
		{"guest", []auth.Role{Guest}, west, ReadUnits, auth.Scope{}},
		{"guest by mistake an administrator too", []auth.Role{Guest, Administrator}, west, ReadUnits, auth.Scope{}},
		{"nobody", nil, west, ReadUnits, auth.Scope{}},
	} {
		c.want.UserID = "me"
		if d := cmp.Diff(c.want, ScopeFor("me", c.roles, c.at, c.reading)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}
