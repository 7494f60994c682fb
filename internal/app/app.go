package app

import (
	"bytes"
	"context"
	_ "embed" // policy.csv
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"unisson/internal/access"
	"unisson/internal/admin"
	"unisson/internal/customers"
	"unisson/internal/help"
	"unisson/internal/home"
	"unisson/internal/imports"
	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/events"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/outbound"
	"unisson/internal/platform/secret"
	"unisson/internal/platform/web"
	"unisson/internal/platform/webhooks"
	"unisson/internal/team"
	"unisson/internal/timeline"
)

//go:embed policy.csv
var policyFile []byte

// Policy reads the policy file: which role may do what.
func Policy() (*auth.Policy, error) { return auth.ReadPolicy(bytes.NewReader(policyFile)) }

// Options says what to build, and on what.
type Options struct {
	Config  *config.Config // validated; its listening address is known
	DB      *db.DB         // open and migrated; the caller closes it after Stop
	Keys    *secret.Keys   // bound to DB
	Log     *slog.Logger   // nil: the default one
	Demo    bool           // everything here is made up: personas at the door, a mark on every page
	Observe func(pattern string, status int, d time.Duration)
}

// App is the whole product, ready to serve.
type App struct {
	Auth      *auth.Service
	Mail      *mail.Service
	Jobs      *jobs.Runner
	Notify    *notify.Service
	Webhooks  *webhooks.Service
	Team      *team.Service
	Customers *customers.Service
	Imports   *imports.Service
	Timeline  *timeline.Service

	o         Options
	policy    *auth.Policy
	bus       *events.Bus
	bundle    *i18n.Bundle
	jobReg    *jobs.Registry
	inbox     *notify.Pages
	access    *access.Pages
	admin     *admin.Pages
	team      *team.Pages
	customers *customers.Pages
	imports   *imports.Pages
	timeline  *timeline.Pages
	help      *help.Pages
	home      *home.Pages
	api       *api.API
	out       *outbound.Client
	handler   http.Handler
	routes    []web.Route
	stop      context.CancelFunc
	stopped   chan error
}

// New builds everything. It starts nothing: see Start.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &App{o: o, bus: events.NewBus(), jobReg: jobs.NewRegistry()}
	ctx = auth.AsSystem(ctx)
	for _, step := range []func(context.Context) error{a.words, a.services, a.pages, a.edge} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *App) words(context.Context) (err error) {
	if a.policy, err = Policy(); err != nil {
		return err
	}
	a.bundle, err = i18n.Load(Locales()...)
	return err
}

// Handler answers requests.
func (a *App) Handler() http.Handler { return a.handler }

// Policy says which role may do what.
func (a *App) Policy() *auth.Policy { return a.policy }

// DB is the database underneath.
func (a *App) DB() *db.DB { return a.o.DB }

// Routes is the whole URL map, API operations included.
func (a *App) Routes() []web.Route { return a.routes }

// OpenAPI is the description of the API.
func (a *App) OpenAPI() ([]byte, error) { return a.api.OpenAPI() }

// Start begins the work in the background. Stop ends it.
func (a *App) Start(ctx context.Context) error {
	if a.stop != nil {
		return fmt.Errorf("app: started already")
	}
	ctx, a.stop = context.WithCancel(auth.AsSystem(ctx))
	a.stopped = make(chan error, 1)
	go func() { a.stopped <- a.Jobs.Run(ctx) }()
	return nil
}

// Stop lets running work finish and gives back what it cannot. It returns when
// ctx ends at the latest.
func (a *App) Stop(ctx context.Context) error {
	if a.stop == nil {
		return nil
	}
	a.stop()
	var err error
	select {
	case err = <-a.stopped:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
