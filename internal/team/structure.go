package team

import "slices"

// Structure is how the company is cut: by department, by unit, by region.
type Structure struct {
	Departments []Department
	Units       []Unit
	Regions     []Region
}

// Department finds one by id; the zero one when it is not there.
func (s Structure) Department(id string) Department {
	i := slices.IndexFunc(s.Departments, func(d Department) bool { return d.ID == id })
	if i < 0 {
		return Department{}
	}
	return s.Departments[i]
}

// Unit finds one by id; the zero one when it is not there.
func (s Structure) Unit(id string) Unit {
	i := slices.IndexFunc(s.Units, func(u Unit) bool { return u.ID == id })
	if i < 0 {
		return Unit{}
	}
	return s.Units[i]
}

// Region finds one by id; the zero one when it is not there.
func (s Structure) Region(id string) Region {
	i := slices.IndexFunc(s.Regions, func(r Region) bool { return r.ID == id })
	if i < 0 {
		return Region{}
	}
	return s.Regions[i]
}
