package customers

import "slices"

// reminder is one print by which somebody is known again after he was
// forgotten, and the field that it is made of.
type reminder struct{ field, hash string }

// prints are the keyed prints of all by which a record could be known again:
// its addresses, its numbers and its id in another system. They cannot be read
// back, and stand in no other order than that of the values.
func (s *Service) prints(k Kind, v Values) []reminder {
	var out []reminder
	add := func(field, kind, value string) {
		if value != "" {
			out = append(out, reminder{field, s.keys.Hash("customers.suppression", kind+":"+value)})
		}
	}
	for _, p := range PointsOf("email", v["emails"]) {
		add("emails", "email", p.Value)
	}
	for _, p := range PointsOf("phone", v["phones"]) {
		add("phones", "phone", p.Value)
	}
	if v["external_id"] != "" {
		add("external_id", string(k)+".external", v["external_id"])
	}
	return out
}

// joinCodes joins two lists of codes in the order of all.
func joinCodes(all []string, some ...[]string) []string {
	var out []string
	for _, c := range all {
		if slices.ContainsFunc(some, func(list []string) bool { return slices.Contains(list, c) }) {
			out = append(out, c)
		}
	}
	return out
}
