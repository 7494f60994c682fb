package customers

import (
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Values are the fields of a record by name, as canonical text (see Type). An
// absent name is an empty field.
type Values map[string]string

// Record is an account or a contact as it stands.
type Record struct {
	ID         string
	Kind       Kind
	MasterID   string // its own id until it is merged
	Values     Values // what somebody may set
	Locked     []string
	SourceID   string
	LastTouch  db.Time
	EvidenceAt db.Time // contact: when he last gave a sign of his own (L-13)
	Evidence   string
	Restricted db.Time
	Erased     db.Time
	Version    int64
	CreatedAt  db.Time
	CreatedBy  string
	UpdatedAt  db.Time
	UpdatedBy  string
}

// Live tells whether lists and search may show it.
func (r *Record) Live() bool {
	return r.MasterID == r.ID && r.Restricted.IsZero() && r.Erased.IsZero()
}

// Title is what a record is called: its name, or how it is known without one.
func (r *Record) Title() string { return TitleOf(r.Kind, r.Values) }

// TitleOf is what values would be called.
func TitleOf(k Kind, v Values) string {
	if k == KindAccount {
		if v["name"] != "" {
			return v["name"]
		}
		return dotted(v["external_id"], v["city"])
	}
	if name := strings.TrimSpace(v["given"] + " " + v["family"]); name != "" {
		return name
	}
	for _, f := range []string{"emails", "phones"} {
		if p := PointsOf("", v[f]); len(p) > 0 {
			return p[0].Shown()
		}
	}
	return v["external_id"]
}

// dotted joins what there is with a middle dot.
func dotted(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// nameKey is what a record is sorted by: family names first.
func nameKey(k Kind, v Values) string {
	if k == KindContact {
		if name := strings.TrimSpace(v["family"] + " " + v["given"]); name != "" {
			return cutKey(db.Fold(name))
		}
	}
	return cutKey(db.Fold(TitleOf(k, v)))
}

// cutKey bounds a key, so that an index holds it on every engine.
func cutKey(s string) string {
	const most = 200 // bytes; folded text may hold letters of several
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// Check tells what is wrong with a record as a whole; single values were
// checked by Clean.
func Check(k Kind, v Values) error {
	var wrong errs.Fields
	switch {
	case k == KindAccount && v["name"] == "" && v["external_id"] == "":
		wrong.Add("name", "customers.errors.name_or_number")
	case k == KindContact && v["given"] == "" && v["family"] == "" && v["emails"] == "" && v["phones"] == "" && v["external_id"] == "":
		wrong.Add("family", "customers.errors.name_or_point")
	}
	if v["siret"] != "" && v["siren"] != "" && !strings.HasPrefix(v["siret"], v["siren"]) {
		wrong.Add("siret", "customers.errors.siret_siren")
	}
	return wrong.Err()
}

// complete fills in what follows from other values: the SIREN of a SIRET, the
// kind of an account that says nothing of it.
func complete(k Kind, v Values) {
	if k == KindAccount && v["kind"] == "" {
		v["kind"] = "company"
	}
	if k == KindAccount && v["siren"] == "" && len(v["siret"]) == 14 {
		v["siren"] = v["siret"][:9]
	}
}

// domainOf is the domain by which an account is known: of its page, else of its
// first own address.
func domainOf(v Values) string {
	if d := Domain(v["website"]); d != "" {
		return d
	}
	for _, p := range PointsOf("email", v["emails"]) {
		if d := Domain(p.Value); d != "" && !FreeMail(d) {
			return d
		}
	}
	return ""
}
