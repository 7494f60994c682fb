package customers

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// i18n: customers.import.field.* customers.import.target.*

// What a file may say of a record beside its fields.
const (
	fileID       = "id"             // of the record here
	fileFullName = "full_name"      // of a contact, to be split
	fileOwner    = "owner"          // name, address or id of one of us, whatever his side
	fileStatus   = "status"         // what another program calls the state
	fileCompany  = "company"        // name of the company where a contact works
	fileSiren    = "company_siren"  // and how else it is known
	fileDomain   = "company_domain" //
)

// Targets are what files can be read into here.
func (s *Service) Targets() []registry.Target {
	return []registry.Target{s.target(KindAccount), s.target(KindContact)}
}

func (s *Service) target(k Kind) registry.Target {
	t := registry.Target{
		Name: string(k), Label: "customers.import.target." + string(k), Perm: MayImport, Keys: []string{"id", "external_id", "emails"},
		Fields: func(ctx context.Context, r db.Reader) ([]registry.Field, error) {
			sch, err := schema(ctx, r, k)
			if err != nil {
				return nil, err
			}
			return targetFields(sch), nil
		},
		Begin: s.beginImport, Undo: s.undoImport, Settle: settleAccount,
		Apply: func(ctx context.Context, tx db.Tx, b *registry.Batch) ([]registry.Fate, error) {
			return s.applyImport(ctx, tx.Reader, &tx, k, b)
		},
		Try: func(ctx context.Context, r db.Reader, b *registry.Batch) ([]registry.Fate, error) {
			return s.applyImport(ctx, r, nil, k, b)
		},
	}
	if k == KindAccount {
		t.Keys = append(t.Keys, "siret", "siren", "vat")
	} else {
		t.Settle = settleContact
	}
	return t
}

// targetFields are the fields of a kind as files have them.
func targetFields(sch *Schema) []registry.Field {
	headers := targetHeaders(sch.Kind)
	extra := []string{fileID, fileOwner, fileStatus}
	if sch.Kind == KindContact {
		extra = append(extra, fileFullName, fileCompany, fileSiren, fileDomain)
	}
	var out []registry.Field
	for _, f := range sch.Fields {
		if !f.Set || f.Type == AnyRef {
			continue
		}
		x := registry.Field{Name: f.Name, Label: f.Label(), Kind: string(f.Type), Several: f.Several(), Headers: headers[f.Name]}
		if f.Custom != nil {
			x.Label, x.Words = "", map[string]string{"en": f.Custom.NameEN, "fr": f.Custom.NameFR}
			x.Headers = map[string]string{headerKey(f.Custom.Code): "", headerKey(f.Custom.NameEN): "", headerKey(f.Custom.NameFR): ""}
		}
		if x.Headers == nil {
			x.Headers = map[string]string{}
		}
		if f.Type != Region { // elsewhere a region is a part of a country
			x.Headers[headerKey(f.Name)] = ""
		}
		switch f.Type {
		case Emails:
			x.Labels = PointLabels("email")
		case Phones:
			x.Labels = PointLabels("phone")
		case Choice, Choices:
			x.Choices = f.Choices
		case Date:
			x.Guess, x.Formats = guessDays, dayFormats()
		case Number, Whole, Money:
			x.Guess, x.Formats = guessDecimals, []string{".", ","}
		}
		if f.Name == "street" {
			x.Join = ", "
		}
		x.Looks = looksOf(f)
		out = append(out, x)
	}
	for _, name := range extra {
		x := registry.Field{Name: name, Label: "customers.import.field." + name, Kind: "text", Headers: headers[name]}
		if name == fileID {
			x.Looks = func(cell string) bool { return len(cell) == 36 && cell[14] == '7' && strings.Count(cell, "-") == 4 }
			x.Headers, x.Label = map[string]string{"id": ""}, "customers.import.field.own_id"
		}
		out = append(out, x)
	}
	return out
}

// looksOf tells by which cells a field is known without the name of its column.
func looksOf(f Field) func(string) bool {
	switch {
	case f.Type == Emails:
		return func(c string) bool {
			if !strings.Contains(c, "@") {
				return false
			}
			_, ok := ParseEmail(SplitEmails(c)[0])
			return ok
		}
	case f.Type == Phones:
		return looksLikePhone
	case f.Name == "siret":
		return func(c string) bool { _, ok := ParseSIRET(c); return ok }
	case f.Name == "siren":
		return func(c string) bool { _, ok := ParseSIREN(c); return ok }
	case f.Name == "vat":
		return func(c string) bool { _, ok := ParseVAT(c); return ok && c[0] >= 'A' }
	case f.Name == "website":
		return func(c string) bool {
			_, _, ok := ParseWebsite(c)
			return ok && (strings.Contains(c, "://") || strings.HasPrefix(strings.ToLower(c), "www."))
		}
	case f.Type == Country:
		return func(c string) bool { _, ok := ParseCountry(c); return ok && len(c) > 3 }
	}
	return nil
}

// looksLikePhone takes what has a shape that no other number has: a plus, or
// groups of digits that begin with zero or a bracket.
func looksLikePhone(c string) bool {
	c = strings.TrimSpace(c)
	if len(c) < 8 || len(c) > 40 || !strings.ContainsAny(c[:1], "+0(") {
		return false
	}
	digits := 0
	for _, r := range c {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+ .-()/\u00a0\u202f", r):
			return false
		}
	}
	return digits >= 8 && digits <= 15 && (c[0] == '+' || digits != len(c) || digits == 10)
}

func dayFormats() []string {
	var out []string
	for _, o := range DayOrders() {
		out = append(out, string(o))
	}
	return out
}

func guessDays(cells []string) (string, bool) {
	o, sure := GuessDayOrder(cells)
	return string(o), sure
}

func guessDecimals(cells []string) (string, bool) {
	d, sure := GuessDecimal(cells)
	if d == 0 {
		return "", false
	}
	return string(d), sure
}

// settleContact decides what a name and a title are: "Nom" is the family name
// beside a first name and the whole name without one; of two, the one after the
// first name; a first "Titre" of two is how he is addressed.
func settleContact(headers, fields []string) {
	given, families, titles := slices.Index(fields, "given"), []int(nil), []int(nil)
	for i, f := range fields {
		switch {
		case f == "family":
			families = append(families, i)
		case f == "title":
			titles = append(titles, i)
		}
	}
	if given < 0 && len(families) > 0 && slices.Index(fields, fileFullName) < 0 && strings.HasPrefix(headerKey(headers[families[0]]), "nom") {
		fields[families[0]] = fileFullName
		families = families[:0]
	}
	if given >= 0 && len(families) > 1 {
		kept := families[0]
		for _, i := range families {
			if i > given {
				kept = i
				break
			}
		}
		for _, i := range families {
			if i != kept {
				fields[i] = ""
			}
		}
	}
	if len(titles) > 1 && slices.Index(fields, "salutation") < 0 && headerKey(headers[titles[0]]) == "titre" {
		fields[titles[0]] = "salutation"
	}
	if given >= 0 && slices.Contains(fields, "family") {
		for i, f := range fields {
			if f == fileFullName {
				fields[i] = ""
			}
		}
	}
}

// settleAccount takes the first of several columns for a name.
func settleAccount(headers, fields []string) {
	seen := false
	for i, f := range fields {
		if f == "name" && seen {
			fields[i] = ""
		}
		seen = seen || f == "name"
	}
	_ = headers
}
