// Package i18n speaks to people in their language: messages with plurals, numbers, money, dates, lists and sorting.
//
// # Vocabulary
//
// A Bundle holds every message of every package, loaded once at start from the packages' locales/{en,fr}.json.
// A Localizer is a language and a time zone: one person's way of reading. It travels in the context, so that a
// template writes
//
//	{ i18n.T(ctx, "team.directory.title") }
//	{ i18n.N(ctx, "team.people", len(people)) }
//	{ i18n.Date(ctx, at) }
//
// # Message files
//
// Nested JSON; the key is the path joined by dots. Messages are whole sentences with named parameters, {{.name}},
// and nothing else of the template language. A plural message is an object of its forms:
//
//	{"team": {"hello": "Hello {{.name}}", "people": {"one": "{{.count}} person", "other": "{{.count}} people"}}}
//
// English has one and other. French has one (0, 1 and 1,5), many (1 000 000 "de" personnes) and other.
// The names id, description, hash, leftdelim, rightdelim, translation, zero, one, two, few, many and other are
// reserved by the format and refused as keys.
//
// # Languages
//
// en and fr are written by hand. fr-CA is French with the spaces before ; ! ? taken away, and its own money and
// number patterns; a fr-CA.json file may replace single messages.
//
// # Invariants
//
//   - A bundle is strict in tests: a missing key, form or parameter panics. Otherwise it is logged once; the English
//     text stands in for a missing translation, the key for a missing message, and … for a missing parameter.
//   - Numbers given as parameters are written in the person's language. Pass identifiers and years as text.
//   - Check, UsedKeys and Problems are the tests of the house: parity of keys, parameters and plural forms, typography,
//     keys used but not written and written but not used.
//
// The package keeps no state outside the Bundle and owns no table.
package i18n
