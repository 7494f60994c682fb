package team

import (
	"slices"

	"unisson/internal/platform/auth"
)

// Place is where somebody stands in the company, as far as it decides what he
// reads.
type Place struct {
	UnitID     string   // empty: works for all units
	RegionID   string   // empty: works for all regions
	HeadsUnits []string // units he heads, or whose departments he heads
}

// ScopeFor is the default row policy (docs: "Who sees and changes what"): whose
// roles give most, decides.
//
//   - Sales, marketing and product read the customers of their units; the
//     company may narrow sales people and marketers to their region or to what
//     is theirs.
//   - Heads read those of their units and of the units they head, never narrowed.
//   - Executives, integrators and data-protection officers read every unit.
//   - Administrators of the base read every row.
//   - Guests, and whoever has no role, read no customer.
func ScopeFor(userID string, roles []auth.Role, at Place, reading Reading) auth.Scope {
	s := auth.Scope{UserID: userID}
	has := func(some ...auth.Role) bool {
		return slices.ContainsFunc(some, func(r auth.Role) bool { return slices.Contains(roles, r) })
	}
	switch {
	case has(Guest): // whatever else was given by mistake
		return s
	case has(Administrator):
		s.All, s.Customers = true, true
		return s
	case has(Executive, Integrator, DPO):
		s.Customers = true
		return s
	case has(HeadOfSales, HeadOfMarketing):
		s.Customers, s.Units = true, at.units()
		return s
	case has(ProductManager):
		s.Customers, s.Units = true, at.units()
		return s
	case !has(Salesperson, Marketer):
		return s
	}
	s.Customers, s.Units = true, at.units()
	switch reading {
	case ReadOwn:
		s.OwnOnly = true
	case ReadRegions:
		if at.RegionID != "" {
			s.Regions = []string{at.RegionID}
		}
	}
	return s
}

// units is the narrowing to business units; none when he works for all.
func (p Place) units() []string {
	if p.UnitID == "" {
		return nil
	}
	out := []string{p.UnitID}
	for _, id := range p.HeadsUnits {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
