package timeline

import (
	"embed"
	"io/fs"
	"net/http"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages are the streams, the quick log and the pages of single touches.
type Pages struct {
	Service   *Service
	Customers *customers.Service
	Clock     clock.Clock
}

// Routes is the URL map of the timeline.
func (p *Pages) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /accounts/{id}/touches", Perm: MayRead, Handle: p.stream(customers.KindAccount)},
		{Pattern: "GET /contacts/{id}/touches", Perm: MayRead, Handle: p.stream(customers.KindContact)},
		{Pattern: "GET /accounts/{id}/panels/touches", Perm: MayRead, Handle: p.panel(customers.KindAccount)},
		{Pattern: "GET /contacts/{id}/panels/touches", Perm: MayRead, Handle: p.panel(customers.KindContact)},

		{Pattern: "GET /touches/new", Perm: MayLog, Handle: p.newTouch},
		{Pattern: "POST /touches", Perm: MayLog, Handle: p.logTouch},
		{Pattern: "GET /touches/who", Perm: MayLog, Handle: p.who},
		{Pattern: "GET /touches/{id}", Perm: MayRead, Handle: p.touch},
		{Pattern: "GET /touches/{id}/edit", Perm: MayLog, Handle: p.editTouch},
		{Pattern: "POST /touches/{id}/edit", Perm: MayLog, Handle: p.correctTouch},
		{Pattern: "POST /touches/{id}/withdraw", Perm: MayLog, Handle: p.withdrawTouch},
		{Pattern: "POST /touches/{id}/restore", Perm: MayLog, Handle: p.restoreTouch},

		// What a telephone keeps for the time without network: words and a form, nothing of anybody.
		{Pattern: "GET /touches/offline", Perm: auth.Public, Handle: p.offline},
		{Pattern: "GET /touches/worker.js", Perm: auth.Public, Handle: p.worker},
	}
	for i, rt := range routes {
		routes[i].Handle = func(w http.ResponseWriter, r *http.Request) error {
			return rt.Handle(w, r.WithContext(i18n.WithNow(r.Context(), p.Clock.Now())))
		}
	}
	return routes
}
