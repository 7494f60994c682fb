package customers

import "unisson/internal/platform/auth"

// What may be done here, beside what the scope lets one read.
const (
	MayRead     auth.Permission = "customers.read"       // accounts, contacts, lists, search
	MayEdit     auth.Permission = "customers.edit"       // makes records, and changes one's own
	MayEditAny  auth.Permission = "customers.edit.any"   // changes records whoever owns them
	MayExport   auth.Permission = "customers.export"     // takes lists away as files
	MayImport   auth.Permission = "customers.import"     // brings files in
	MayShape    auth.Permission = "customers.fields"     // custom fields
	MayRestrict auth.Permission = "customers.restricted" // restricted records; erases
)
