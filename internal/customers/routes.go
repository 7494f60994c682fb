package customers

import (
	"embed"
	"io/fs"
	"slices"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/files"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages are the lists, the pages of accounts and contacts, and the fields of
// the organisation's own.
type Pages struct {
	Service *Service
	Clock   clock.Clock
	Panels  []registry.Panel // blocks that other capabilities show on the page of a record
	Acts    []registry.Panel // what other capabilities can do with a record; the first is its main button
	Files   *files.Store
	Imports string // page that brings files in; empty: not offered
}

// Routes is the URL map of customers. Which rows they show is decided by the
// scope of who asks.
func (p *Pages) Routes() []web.Route {
	return slices.Concat(p.listRoutes(), p.recordRoutes(), p.fieldRoutes())
}
