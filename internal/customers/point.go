package customers

import "strings"

// Point is one way to reach somebody, or one number by which another system
// knows him.
type Point struct {
	Kind  string // email, phone, url, external
	Value string // as compared: marie@exemple.fr, +33612345678
	Typed string // as somebody wrote it; empty: like Value
	Label string // work, home, mobile …; the system of an external number
	State string // empty: good as far as is known; invalid, bounced
}

// PointLabels lists what a point may be called.
func PointLabels(kind string) []string {
	switch kind {
	case "email":
		return codes("work home other")
	case "phone":
		return codes("work mobile home switchboard fax other")
	}
	return nil
}

// Shown is the point as people read it.
func (p Point) Shown() string {
	if p.Typed != "" {
		return p.Typed
	}
	return p.Value
}

// Line is the canonical text of a point among the values of a record: value,
// label, as typed, and state, with tabs between them.
func (p Point) Line() string {
	return strings.TrimRight(strings.Join([]string{p.Value, p.Label, p.Typed, p.State}, "\t"), "\t")
}

// PointOf reads a line written by Line.
func PointOf(kind, line string) Point {
	part := strings.SplitN(line, "\t", 4)
	part = append(part, "", "", "")
	return Point{Kind: kind, Value: part[0], Label: part[1], Typed: part[2], State: part[3]}
}

// PointsOf reads the points of a value, the main one first.
func PointsOf(kind, value string) []Point {
	if value == "" {
		return nil
	}
	lines := strings.Split(value, "\n")
	out := make([]Point, len(lines))
	for i, l := range lines {
		out[i] = PointOf(kind, l)
	}
	return out
}

// pointKind is the kind of point that a type of field holds.
func pointKind(t Type) string {
	if t == Emails {
		return "email"
	}
	return "phone"
}

// firstPoint is the main point of a value, as compared.
func firstPoint(value string) string {
	line, _, _ := strings.Cut(value, "\n")
	first, _, _ := strings.Cut(line, "\t")
	return first
}
