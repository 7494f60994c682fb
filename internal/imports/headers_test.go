package imports_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unisson/internal/imports"
	"unisson/internal/imports/table"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

// shared is a folder of data that is not part of the product.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("UNISSON_DATA_SHARED")
	if dir == "" {
		dir = filepath.FromSlash("../../../shared/data")
	}
	p := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		t.Skipf("the shared data is not here: %v", err)
	}
	return p
}

// wantedOf is what must be proposed for a header row, by a part of its words:
// "field: column, column". What is not named of these fields must be left alone.
func wantedOf() []struct{ system, part, target, want string } {
	const google = "given: Given Name; family: Family Name"
	return []struct{ system, part, target, want string }{
		{"Google Contacts", "E-mail 2 - Type", "contact", google + "; emails: E-mail 1 - Value, E-mail 2 - Value; phones: Phone 1 - Value, Phone 2 - Value"},
		{"Google Contacts", "E-mail 1 - Type", "contact", google + "; emails: E-mail 1 - Value; phones: Phone 1 - Value"},
		{"Google Contacts", "Group Membership,Phone 1", "contact", google + "; phones: Phone 1 - Value"},
		{"Mailchimp", "\"Email Address\",Name", "contact", "full_name: Name; emails: Email Address"},
		{"Mailchimp", "Position,Company", "contact", "given: First Name; family: Last Name; emails: Email; company: Company"},
		{"Mailchimp", "Phone Number", "contact", "given: First Name; family: Last Name; emails: Email Address; phones: Phone Number"},
		{"Mailchimp", "First Name", "contact", "given: First Name; family: Last Name; emails: Email Address"},
		{"LinkedIn", "First Name", "contact", "given: First Name; family: Last Name; emails: Email Address; company: Company"},
		{"Salesforce", "IsConverted", "contact", "given: FirstName; family: LastName; emails: Email; phones: Phone, MobilePhone, Fax; company: Company; owner: OwnerId; status: Status"},
		{"Salesforce", "AccountNumber", "account", "name: Name; phones: Phone, Fax; owner: OwnerId"},
		{"Salesforce", "Contact ID", "contact", "given: First Name; family: Last Name"},
		{"Salesforce", "Lead ID", "contact", "given: First Name; family: Last Name; company: Company"},
		{"Salesforce", "Last Activity", "contact", "given: First Name; family: Last Name; emails: Email; phones: Phone; company: Account Name"},
		{"HubSpot", "Lead Status", "contact", "given: First Name; family: Last Name; emails: Email; phones: Phone Number; company: Associated Company; owner: Contact owner; status: Lead Status"},
		{"HubSpot", "Company name", "account", "name: Company name; owner: Company owner"},
		{"HubSpot", "Deal Name", "contact", ""},
		{"HubSpot", "Associated Company IDs", "contact", "given: First Name; family: Last Name; emails: Email; phones: Phone Number"},
		{"Pipedrive", "Email (Work)", "contact", "given: Person - First name; family: Person - Last name; emails: Person - Email (Work), Person - Email (Home); phones: Person - Phone; company: Organization - Name*"},
		{"Pipedrive", "Person - ID", "contact", "full_name: Person - Name; emails: Person - Email; phones: Person - Phone; company: Organization - Name"},
		{"Pipedrive", "Activity - Subject", "contact", "full_name: Person - Name; emails: Person - Email; company: Organization - Name"},
		{"Pipedrive", "Deal - Territory", "contact", "company: Organization - Name"},
		{"Outlook", "\"Prénom\"", "contact", "given: Prénom; family: Nom (2); emails: Adresse de messagerie, Adresse de messagerie 2, Adresse de messagerie 3; company: Société; " +
			"phones: Télécopie (bureau), Téléphone (bureau), Téléphone 2 (bureau), Téléphone société, Télécopie (domicile), Téléphone (domicile), Téléphone 2 (domicile), Tél. mobile, Téléphone (autre), Téléphone principal"},
		{"Outlook", "TÈlÈphone", "contact", "emails: Adresse de messagerie, Adresse de messagerie 2; phones: TÈlÈphone sociÈtÈ, TÈlÈcopie (domicile), TÈlÈphone (domicile), TÈlÈphone 2 (domicile), TÈl. mobile, TÈlÈphone (autre), TÈlÈphone principal"},
		{"Services Publics+", "", "contact", ""},
	}
}

// TestEveryHeaderInTheWildIsUnderstood prints the table of what is proposed, and
// checks first and last name, e-mail, phone, company, owner and status.
func TestEveryHeaderInTheWildIsUnderstood(t *testing.T) {
	data, err := os.ReadFile(shared(t, "crm_exports/headers_in_the_wild.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, dbtest.Open(t, "sqlite", nil))
	checked := []string{"given", "family", "full_name", "name", "emails", "phones", "company", "owner", "status"}
	rows := 0
	for line := range strings.Lines(string(data)) {
		var row struct{ System, Object, Separator, Header string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		rows++
		at := slices.IndexFunc(wantedOf(), func(w struct{ system, part, target, want string }) bool {
			return w.system == row.System && strings.Contains(row.Header, w.part)
		})
		if at < 0 {
			t.Errorf("nothing says what %s %s means", row.System, row.Object)
			continue
		}
		w := wantedOf()[at]
		i, err := h.Imports.Upload(h.ctx, w.target, "header.csv", strings.NewReader(row.Header+"\n"+filled(t, row.Header, row.Separator)+"\n"), table.Dialect{Delimiter: row.Separator, HeaderRows: 1})
		if err != nil {
			t.Errorf("%s %s: %v", row.System, row.Object, err)
			continue
		}
		got, others := proposed(i, checked)
		t.Logf("%-18s %-34s as %s\n    %s\n    also: %s\n    left alone: %s", row.System, row.Object, w.target, strings.ReplaceAll(got, "; ", "\n    "), others, leftAlone(i))
		if got != ordered(w.want, checked) {
			t.Errorf("%s %s\n got %s\nwant %s", row.System, row.Object, got, ordered(w.want, checked))
		}
	}
	if rows != 27 {
		t.Errorf("%d header rows", rows)
	}
}

// filled is a row of cells that tell nothing.
func filled(t *testing.T, header, separator string) string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(header))
	r.Comma, r.LazyQuotes = rune(separator[0]), true
	cells, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	for i := range cells {
		cells[i] = ""
	}
	cells[0] = "x"
	return strings.Join(cells, separator)
}

func proposed(i imports.Import, checked []string) (string, string) {
	var out, others []string
	for _, f := range checked {
		var columns []string
		for _, head := range i.Guess.Header {
			if i.Mapping.Columns[head].Field == f {
				columns = append(columns, head)
			}
		}
		if len(columns) > 0 {
			out = append(out, f+": "+strings.Join(columns, ", "))
		}
	}
	for _, head := range i.Guess.Header {
		if f := i.Mapping.Columns[head].Field; f != "" && !slices.Contains(checked, f) {
			others = append(others, head+" → "+f)
		}
	}
	return strings.Join(out, "; "), strings.Join(others, ", ")
}

func leftAlone(i imports.Import) string {
	var out []string
	for _, head := range i.Guess.Header {
		if i.Mapping.Columns[head].Field == "" {
			out = append(out, head)
		}
	}
	return strings.Join(out, ", ")
}

func ordered(want string, checked []string) string {
	var out []string
	for _, f := range checked {
		for part := range strings.SplitSeq(want, "; ") {
			if strings.HasPrefix(part, f+": ") {
				out = append(out, part)
			}
		}
	}
	return strings.Join(out, "; ")
}

func TestASellersFileNeedsNothingButItsKey(t *testing.T) {
	data, err := os.ReadFile(shared(t, "olist_marketing_funnel/olist_sellers_dataset.csv"))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		key := "external_id"
		for _, want := range []string{"done 3095 = 3095+0+0+0 also 0", "done 3095 = 0+0+3095+0 also 0"} {
			i := h.upload("account", string(data), imports.Plan{Key: &key})
			h.ok(h.Imports.Run(h.ctx, i.ID))
			if got := shape(h.work(i.ID)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}

func TestARegisterOfSitesMakesTheirCompanies(t *testing.T) {
	data, err := os.ReadFile(shared(t, "fr_companies_sirene/sirene_bars_bouches_du_rhone_A.csv"))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		i := h.bring("account", string(data))
		if got := shape(i); got != "done 587 = 587+0+0+0 also 561" {
			t.Error(got)
		}
		for query, want := range map[string]int{
			`accounts where kind = 'site' and siret <> '' and substr(siret, 1, 9) = siren`:                                        587,
			`accounts where kind = 'company' and siren <> ''`:                                                                     561,
			`accounts where trade_names <> ''`:                                                                                    249,
			`accounts s join accounts c on c.id = s.parent_id where s.kind = 'site' and c.kind = 'company' and c.siren = s.siren`: 587,
		} {
			if n := count(t, h, query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		if got := shape(h.bring("account", string(data))); got != "done 587 = 0+0+587+0 also 0" {
			t.Error(got)
		}
		if u := h.undo(i.ID); u.State != imports.Undone || count(t, h, "accounts") != 0 || u.Removed != 1148 {
			t.Errorf("%s, removed %d, %d accounts", u.State, u.Removed, count(t, h, "accounts"))
		}
	})
}
