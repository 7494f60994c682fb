package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/webhooks"
)

func (p *Pages) webhooks(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Service.Webhooks.Endpoints(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, webhooksPage(list, p.Clock.Now()))
}

// endpointForm is the form of an endpoint. The secret is not trimmed into
// nothing by accident: it is checked by the service.
type endpointForm struct {
	Name    string   `form:"name"`
	URL     string   `form:"url"`
	Secret  string   `form:"secret"`
	Events  []string `form:"events"`
	Active  bool     `form:"active"`
	Version int64    `form:"version"`
}

func (f endpointForm) service() webhooks.Form {
	return webhooks.Form{Name: f.Name, URL: f.URL, Secret: f.Secret, Events: f.Events, Active: f.Active, Version: f.Version}
}

type endpointView struct {
	id     string // empty: a new one
	form   endpointForm
	events []string // of the catalog
	wrong  ui.Errors
	theirs *webhooks.Endpoint // somebody saved it first
}

func (v endpointView) fields(ctx context.Context) (name, url, secret, events ui.FieldProps) {
	name = ui.FieldProps{Name: "name", Label: i18n.T(ctx, "admin.webhooks.form.name"), Value: v.form.Name, MaxLength: 100,
		Hint: i18n.T(ctx, "admin.webhooks.form.name_hint"), Error: v.wrong["name"], Autocomplete: "off"}
	url = ui.FieldProps{Name: "url", Label: i18n.T(ctx, "admin.webhooks.form.url"), Value: v.form.URL, Type: "url", MaxLength: 2048,
		Placeholder: "https://example.com/hook", Error: v.wrong["url"], Autocomplete: "off"}
	secret = ui.FieldProps{Name: "secret", Label: i18n.T(ctx, "admin.webhooks.form.secret"), Value: v.form.Secret, Error: v.wrong["secret"],
		Hint: i18n.T(ctx, "admin.webhooks.form.secret_new"), Autocomplete: "off", MaxLength: 200}
	if v.id != "" {
		secret.Type, secret.Value, secret.Optional = "password", "", true
		secret.Hint, secret.Autocomplete = i18n.T(ctx, "admin.webhooks.form.secret_kept"), "new-password"
	}
	events = ui.FieldProps{Name: "events", Label: i18n.T(ctx, "admin.webhooks.form.events"), Error: v.wrong["events"]}
	return name, url, secret, events
}

func (v endpointView) options(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.events))
	for i, e := range v.events {
		out[i] = ui.Option{Value: e, Label: eventWords(ctx, e), Hint: e, On: slices.Contains(v.form.Events, e)}
	}
	return out
}

func (v endpointView) action() string {
	if v.id == "" {
		return "/admin/webhooks"
	}
	return "/admin/webhooks/" + v.id
}

func (v endpointView) back() string { return v.action() }

func (p *Pages) newEndpoint(w http.ResponseWriter, r *http.Request) error {
	v := endpointView{events: p.Service.Webhooks.Catalog.Events(), form: endpointForm{Active: true, Secret: webhooks.NewSecret()}}
	return web.Render(w, r, http.StatusOK, endpointFormPage(v))
}

func (p *Pages) editEndpoint(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Service.Webhooks.Endpoint(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	v := endpointView{id: e.ID, events: p.Service.Webhooks.Catalog.Events(),
		form: endpointForm{Name: e.Name, URL: e.URL, Events: e.Events, Active: e.Active, Version: e.Version}}
	return web.Render(w, r, http.StatusOK, endpointFormPage(v))
}

func (p *Pages) addEndpoint(w http.ResponseWriter, r *http.Request) error {
	return p.saveEndpoint(w, r, "", func(ctx context.Context, f webhooks.Form) (webhooks.Endpoint, error) {
		return p.Service.Webhooks.AddEndpoint(ctx, f)
	})
}

func (p *Pages) changeEndpoint(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	return p.saveEndpoint(w, r, id, func(ctx context.Context, f webhooks.Form) (webhooks.Endpoint, error) {
		return p.Service.Webhooks.ChangeEndpoint(ctx, id, f)
	})
}

func (p *Pages) saveEndpoint(w http.ResponseWriter, r *http.Request, id string, save func(context.Context, webhooks.Form) (webhooks.Endpoint, error)) error {
	ctx := r.Context()
	var f endpointForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	e, err := save(ctx, f.service())
	v := endpointView{id: id, form: f, events: p.Service.Webhooks.Catalog.Events()}
	switch {
	case errs.Is(err, errs.KindInvalid):
		v.wrong = ui.ErrorsOf(ctx, err)
		return web.Render(w, r, http.StatusUnprocessableEntity, endpointFormPage(v))
	case errs.Is(err, errs.KindStale):
		var stale *errs.Error
		if errors.As(err, &stale) {
			if now, ok := stale.Current.(webhooks.Endpoint); ok {
				v.theirs, v.form.Version = &now, now.Version
			}
		}
		return web.Render(w, r, http.StatusConflict, endpointFormPage(v))
	case err != nil:
		return err
	}
	web.Flash(w, r, web.Toast{Key: "admin.webhooks.toast.saved"})
	return web.Redirect(w, r, "/admin/webhooks/"+e.ID)
}

type deliveriesForm struct {
	State string `form:"state"`
	After string `form:"after"`
}

type deliveriesView struct {
	endpoint webhooks.Endpoint
	form     deliveriesForm
	list     []webhooks.Delivery
	next     string
}

func (v deliveriesView) address(state, after string) string {
	return address("/admin/webhooks/"+v.endpoint.ID, "state", state, "after", after)
}

func (p *Pages) endpoint(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v deliveriesView
	err := web.Decode(r, &v.form)
	if err != nil {
		return err
	}
	if v.endpoint, err = p.Service.Webhooks.Endpoint(ctx, web.Path(r, "id")); err != nil {
		return err
	}
	filter := webhooks.DeliveryFilter{EndpointID: v.endpoint.ID, State: webhooks.DeliveryState(v.form.State)}
	list, more, err := p.Service.Webhooks.Deliveries(ctx, filter, v.form.After, pageOf)
	if err != nil {
		return err
	}
	if v.list = list; more {
		v.next = v.address(v.form.State, list[len(list)-1].ID)
	}
	return web.Render(w, r, http.StatusOK, endpointPage(v, p.Clock.Now()))
}

func (p *Pages) pingEndpoint(w http.ResponseWriter, r *http.Request) error {
	return act(w, r, "/admin/webhooks/"+web.Path(r, "id"), web.Toast{Key: "admin.webhooks.toast.pinged"}, func(ctx context.Context, id string) error {
		_, err := p.Service.Webhooks.PingEndpoint(ctx, id)
		return err
	})
}

func (p *Pages) confirmDelete(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Service.Webhooks.Endpoint(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, deleteEndpointPage(e))
}

func (p *Pages) deleteEndpoint(w http.ResponseWriter, r *http.Request) error {
	return act(w, r, "/admin/webhooks", web.Toast{Key: "admin.webhooks.toast.deleted"}, p.Service.Webhooks.DeleteEndpoint)
}

func (p *Pages) delivery(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := p.Service.Webhooks.Delivery(ctx, web.Path(r, "id"))
	if err != nil {
		return err
	}
	e, err := p.Service.Webhooks.Endpoint(ctx, d.EndpointID)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, deliveryPage(d, e, p.Clock.Now()))
}

func (p *Pages) replayDelivery(w http.ResponseWriter, r *http.Request) error {
	var to string
	do := func(ctx context.Context, id string) error {
		d, err := p.Service.Webhooks.ReplayDelivery(ctx, id)
		to = "/admin/deliveries/" + d.ID
		return err
	}
	if err := do(r.Context(), web.Path(r, "id")); err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "admin.webhooks.toast.replayed"})
	return web.Redirect(w, r, to)
}
