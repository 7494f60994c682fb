package imports

import (
	"unisson/internal/imports/table"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/web"
)

// Pages bring files in and take them back.
type Pages struct {
	Service *Service
	Clock   clock.Clock
}

// Routes is the URL map of imports.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /imports", Perm: MayImport, Handle: p.history},
		{Pattern: "GET /imports/new", Perm: MayImport, Handle: p.begin},
		{Pattern: "POST /imports/new", Perm: MayImport, Handle: p.upload, MaxBody: table.MaxStream + 1<<20},
		{Pattern: "GET /imports/{id}", Perm: MayImport, Handle: p.show},
		{Pattern: "POST /imports/{id}/plan", Perm: MayImport, Handle: p.correct},
		{Pattern: "POST /imports/{id}/try", Perm: MayImport, Handle: p.act((*Service).Try)},
		{Pattern: "POST /imports/{id}/run", Perm: MayImport, Handle: p.act((*Service).Run)},
		{Pattern: "POST /imports/{id}/cancel", Perm: MayImport, Handle: p.act((*Service).Cancel)},
		{Pattern: "POST /imports/{id}/undo", Perm: MayImport, Handle: p.act((*Service).Undo)},
		{Pattern: "GET /imports/{id}/rejected.csv", Perm: MayImport, Handle: p.rejected},
	}
}
