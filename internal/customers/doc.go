// Package customers is the one base of both departments: the companies and the
// people outside, how they are reached, whose they are, where each fact came
// from, and what each person agreed to or refused.
//
// # Vocabulary
//
//   - Record: one row of accounts or contacts. It holds what one source says.
//   - Master: the record that pages, lists and search show. A record is its own
//     master until matching merges it into another (MasterID).
//   - Account: a company or one of its sites. Contact: a person there.
//   - Point: an e-mail address, a telephone number, a page or a number in
//     another system, normalised and also kept as it was typed.
//   - Field: one thing that a record says: its name, type and limits. Forms,
//     lists, filters, imports, exports and the API are all made from the list of
//     fields, the organisation's own (custom) ones included.
//   - Values: the fields of one record by name, as canonical text.
//   - Source: where records came from: an import, a form, a bought list.
//   - View: a list that somebody keeps under a name.
//
// # Invariants
//
//   - An account has a name or an external id. A contact has a name or a way to
//     be reached.
//   - A record is saved against the version it was read at; what two people
//     changed meanwhile is shown with both values, never lost.
//   - Each change after the first leaves an edit, from which history, undo and
//     the provenance of a single value are told. Who made a record, and from
//     which source, stands in the record itself.
//   - A restricted or erased record is not live: no list, search, count or
//     export shows it but to the privacy role.
//   - Everything else that belongs to a customer points to the id of a record,
//     never to a master.
//   - A record of a unit, region or owner that an actor may not read is not
//     found, not counted and not hinted at.
//
// Facts published: see facts.go.
//
// Tables: accounts, contacts, points, positions, addresses, sources, tags, record_tags, needs, custom_fields, custom_values, record_edits, consents, suppressions, views
package customers
