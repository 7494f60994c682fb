package customers

import (
	"slices"
	"strings"
)

// Kind tells accounts from contacts.
type Kind string

// The kinds of record.
const (
	KindAccount Kind = "account"
	KindContact Kind = "contact"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{KindAccount, KindContact} }

// Valid tells whether k is one of them.
func (k Kind) Valid() bool { return k == KindAccount || k == KindContact }

// Type says what a field holds, and so how it is read, shown, filtered and
// compared. The comment gives its canonical text.
type Type string

// The types of field.
const (
	Text     Type = "text"     // one line
	Long     Type = "long"     // several lines
	Lines    Type = "lines"    // several short texts, one a line
	Number   Type = "number"   // 1234.5
	Whole    Type = "whole"    // 1234
	Money    Type = "money"    // 1234.50, in the record's currency
	Date     Type = "date"     // 2026-11-24
	Instant  Type = "instant"  // microseconds; never typed
	Choice   Type = "choice"   // a code of Choices
	Choices  Type = "choices"  // codes, one a line, in the order of Choices
	Emails   Type = "emails"   // points, one a line: see Point
	Phones   Type = "phones"   // points
	URL      Type = "url"      // https://…
	Language Type = "language" // fr
	Country  Type = "country"  // FR
	Person   Type = "person"   // id of somebody who works here
	Unit     Type = "unit"     // id of a business unit
	Region   Type = "region"   // id of a region
	Account  Type = "account"  // id of an account
	AnyRef   Type = "record"   // id of an account or a contact
	Tags     Type = "tags"     // names, one a line, sorted
)

// Field is one thing that a record says.
type Field struct {
	Name    string // in forms, files, filters and the API
	Type    Type
	Group   string // card of the form: who, reach, place, ours, numbers, source, custom
	Max     int    // letters; 0: the type's own limit
	Choices []string
	Column  string // of its table; empty: kept in a table beside
	Key     string // column of its folded form, by which it is filtered and sorted
	List    bool   // may stand in a column of a list
	Sort    bool   // a list may be sorted by it, with an index
	Set     bool   // somebody may set it; false: the program keeps it
	Custom  *CustomField
}

// Label is the message key of its name; a custom field has its own words.
func (f Field) Label() string { return "customers.field." + f.Name }

// Several tells whether its canonical text holds several things, one a line.
func (f Field) Several() bool {
	switch f.Type {
	case Lines, Choices, Emails, Phones, Tags:
		return true
	}
	return false
}

func codes(list string) []string { return strings.Fields(list) }

// The codes of the fields that have choices, in the order in which they are shown.
const (
	relationCodes  = "prospect customer supplier manufacturer referrer partner"
	tierCodes      = "a b c d"
	jobCodes       = "management purchasing production maintenance quality engineering logistics sales marketing finance hr it legal other"
	seniorityCodes = "executive director manager specialist assistant"
	regimeCodes    = "professional consumer"
	basisCodes     = "consent similar interest contract"
	channelCodes   = "email phone sms post profiling tracking"
	currencyCodes  = "EUR CAD USD GBP CHF"
	salutationCode = "mr ms dr prof me"
)

// accountFields are the fields of an account, in the order of forms and files.
func accountFields() []Field {
	return []Field{
		{Name: "name", Type: Text, Group: "who", Max: 200, Column: "name", Key: "name_key", List: true, Sort: true, Set: true},
		{Name: "kind", Type: Choice, Group: "who", Choices: codes("company site"), Column: "kind", List: true, Set: true},
		{Name: "parent", Type: Account, Group: "who", Column: "parent_id", List: true, Set: true},
		{Name: "legal_name", Type: Text, Group: "who", Max: 200, Column: "legal_name", Set: true},
		{Name: "trade_names", Type: Lines, Group: "who", Max: 1000, Column: "trade_names", Set: true},
		{Name: "relations", Type: Choices, Group: "who", Choices: codes(relationCodes), Column: "relations", List: true, Set: true},
		{Name: "tier", Type: Choice, Group: "who", Choices: codes(tierCodes), Column: "tier", Key: "tier", List: true, Sort: true, Set: true},
		{Name: "sector", Type: Text, Group: "who", Max: 120, Column: "sector", Key: "sector_key", List: true, Sort: true, Set: true},
		{Name: "tags", Type: Tags, Group: "who", List: true, Set: true},

		{Name: "sales", Type: Person, Group: "ours", Column: "sales_id", Key: "sales_id", List: true, Sort: true, Set: true},
		{Name: "marketing", Type: Person, Group: "ours", Column: "marketing_id", Key: "marketing_id", List: true, Sort: true, Set: true},
		{Name: "region", Type: Region, Group: "ours", Column: "region_id", Key: "region_id", List: true, Sort: true, Set: true},
		{Name: "unit", Type: Unit, Group: "ours", Column: "unit_id", List: true, Set: true},
		{Name: "referrer", Type: AnyRef, Group: "ours", Column: "referrer_id", Set: true},

		{Name: "emails", Type: Emails, Group: "reach", List: true, Set: true},
		{Name: "phones", Type: Phones, Group: "reach", List: true, Set: true},
		{Name: "website", Type: URL, Group: "reach", Max: 500, Column: "website", List: true, Set: true},
		{Name: "language", Type: Language, Group: "reach", Column: "language", List: true, Set: true},

		{Name: "street", Type: Text, Group: "place", Max: 300, Column: "street", Set: true},
		{Name: "postcode", Type: Text, Group: "place", Max: 20, Column: "postcode", List: true, Set: true},
		{Name: "city", Type: Text, Group: "place", Max: 120, Column: "city", Key: "city_key", List: true, Sort: true, Set: true},
		{Name: "province", Type: Text, Group: "place", Max: 120, Column: "province", List: true, Set: true},
		{Name: "country", Type: Country, Group: "place", Column: "country", List: true, Set: true},

		{Name: "siren", Type: Text, Group: "numbers", Max: 9, Column: "siren", List: true, Set: true},
		{Name: "siret", Type: Text, Group: "numbers", Max: 14, Column: "siret", List: true, Set: true},
		{Name: "vat", Type: Text, Group: "numbers", Max: 20, Column: "vat", List: true, Set: true},
		{Name: "registration", Type: Text, Group: "numbers", Max: 60, Column: "registration", List: true, Set: true},
		{Name: "external_id", Type: Text, Group: "numbers", Max: 200, Column: "external_id", Key: "external_key", List: true, Set: true},
		{Name: "activity", Type: Text, Group: "numbers", Max: 20, Column: "activity", List: true, Set: true},
		{Name: "employees", Type: Whole, Group: "numbers", Column: "employees", List: true, Set: true},
		{Name: "revenue", Type: Money, Group: "numbers", Column: "revenue_cents", List: true, Set: true},
		{Name: "currency", Type: Choice, Group: "numbers", Choices: codes(currencyCodes), Column: "currency", Set: true},
		{Name: "promises", Type: Long, Group: "numbers", Max: 2000, Column: "promises", Set: true},

		{Name: "domain", Type: Text, Group: "source", Column: "domain", List: true},
		{Name: "last_touch", Type: Instant, Group: "source", Column: "last_touch_at", Key: "last_touch_at", List: true, Sort: true},
		{Name: "created", Type: Instant, Group: "source", Column: "created_at", Key: "created_at", List: true, Sort: true},
		{Name: "updated", Type: Instant, Group: "source", Column: "updated_at", List: true},
		{Name: "source", Type: Text, Group: "source", Column: "source_id", List: true},
	}
}

// contactFields are the fields of a contact.
func contactFields() []Field {
	return []Field{
		{Name: "given", Type: Text, Group: "who", Max: 100, Column: "given", List: true, Set: true},
		{Name: "family", Type: Text, Group: "who", Max: 100, Column: "family", Key: "name_key", List: true, Sort: true, Set: true},
		{Name: "salutation", Type: Choice, Group: "who", Choices: codes(salutationCode), Column: "salutation", Set: true},
		{Name: "account", Type: Account, Group: "who", Column: "account_id", List: true, Set: true},
		{Name: "title", Type: Text, Group: "who", Max: 160, Column: "title", List: true, Set: true},
		{Name: "job", Type: Choice, Group: "who", Choices: codes(jobCodes), Column: "job", List: true, Set: true},
		{Name: "seniority", Type: Choice, Group: "who", Choices: codes(seniorityCodes), Column: "seniority", List: true, Set: true},
		{Name: "tags", Type: Tags, Group: "who", List: true, Set: true},

		{Name: "emails", Type: Emails, Group: "reach", List: true, Set: true},
		{Name: "phones", Type: Phones, Group: "reach", List: true, Set: true},
		{Name: "language", Type: Language, Group: "reach", Column: "language", Key: "language", List: true, Sort: true, Set: true},

		{Name: "sales", Type: Person, Group: "ours", Column: "sales_id", Key: "sales_id", List: true, Sort: true, Set: true},
		{Name: "marketing", Type: Person, Group: "ours", Column: "marketing_id", Key: "marketing_id", List: true, Sort: true, Set: true},
		{Name: "region", Type: Region, Group: "ours", Column: "region_id", Key: "region_id", List: true, Sort: true, Set: true},
		{Name: "unit", Type: Unit, Group: "ours", Column: "unit_id", List: true, Set: true},

		{Name: "street", Type: Text, Group: "place", Max: 300, Column: "street", Set: true},
		{Name: "postcode", Type: Text, Group: "place", Max: 20, Column: "postcode", List: true, Set: true},
		{Name: "city", Type: Text, Group: "place", Max: 120, Column: "city", Key: "city_key", List: true, Set: true},
		{Name: "province", Type: Text, Group: "place", Max: 120, Column: "province", List: true, Set: true},
		{Name: "country", Type: Country, Group: "place", Column: "country", List: true, Set: true},

		{Name: "regime", Type: Choice, Group: "law", Choices: codes(regimeCodes), Column: "regime", List: true, Set: true},
		{Name: "regime_why", Type: Text, Group: "law", Max: 300, Column: "regime_why", Set: true},
		{Name: "basis", Type: Choice, Group: "law", Choices: codes(basisCodes), Column: "basis", List: true, Set: true},
		{Name: "informed_on", Type: Date, Group: "law", Column: "informed_on", List: true, Set: true},
		{Name: "refuses", Type: Choices, Group: "law", Choices: codes(channelCodes), Column: "refuses", List: true, Set: true},

		{Name: "external_id", Type: Text, Group: "numbers", Max: 200, Column: "external_id", Key: "external_key", List: true, Set: true},

		{Name: "last_touch", Type: Instant, Group: "source", Column: "last_touch_at", Key: "last_touch_at", List: true, Sort: true},
		{Name: "created", Type: Instant, Group: "source", Column: "created_at", Key: "created_at", List: true, Sort: true},
		{Name: "updated", Type: Instant, Group: "source", Column: "updated_at", List: true},
		{Name: "source", Type: Text, Group: "source", Column: "source_id", List: true},
	}
}

// FieldsOf lists the fields of a kind that come with the program.
func FieldsOf(k Kind) []Field {
	if k == KindAccount {
		return accountFields()
	}
	return contactFields()
}

// Schema is the fields of a kind as they stand: the program's, then the
// organisation's own.
type Schema struct {
	Kind   Kind
	Fields []Field
	order  []string // names of what somebody may set
	at     map[string]int
}

// NewSchema joins the program's fields with some of the organisation's.
func NewSchema(k Kind, own []CustomField) *Schema {
	s := &Schema{Kind: k, Fields: FieldsOf(k), at: map[string]int{}}
	for i := range own {
		if own[i].Kind == k && own[i].ArchivedAt.IsZero() {
			s.Fields = append(s.Fields, own[i].Field())
		}
	}
	for i, f := range s.Fields {
		s.at[f.Name] = i
		if f.Set {
			s.order = append(s.order, f.Name)
		}
	}
	return s
}

// Field finds a field by name.
func (s *Schema) Field(name string) (Field, bool) {
	i, ok := s.at[name]
	if !ok {
		return Field{}, false
	}
	return s.Fields[i], true
}

// Names lists the fields that somebody may set, in the order of forms. It is
// not to be changed.
func (s *Schema) Names() []string { return s.order }

// Own lists the organisation's own fields.
func (s *Schema) Own() []Field {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Custom != nil })
	if i < 0 {
		return nil
	}
	return s.Fields[i:]
}

// Group lists the fields of one card of the form that somebody may set.
func (s *Schema) Group(name string) []Field {
	var out []Field
	for _, f := range s.Fields {
		if f.Group == name && f.Set {
			out = append(out, f)
		}
	}
	return out
}
