package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"unisson/internal/app"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/metrics"
)

type serveCmd struct {
	config.Config `embed:""`
}

// Run serves until a signal.
func (c *serveCmd) Run(ctx context.Context) error {
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	if i.Demo != "" && !c.AllowDemo {
		err = fmt.Errorf("%s holds demonstration data (%s): start it with \"unisson demo\", or accept it with --allow-demo", c.DataDir, i.Demo)
		return errors.Join(err, i.Close())
	}
	s := &server{Config: &c.Config, i: i, ready: "Unisson is ready on", before: func(ctx context.Context, a *app.App) error {
		if err := rememberURL(ctx, i.DB, c.Public().String()); err != nil {
			return err
		}
		token, err := a.Team.SetupToken(ctx)
		if err == nil && token != "" {
			fmt.Printf("Nobody can sign in yet. Open this address to set Unisson up; it works once:\n  %s/setup?token=%s\n",
				strings.TrimSuffix(c.Public().String(), "/"), token)
		}
		return err
	}}
	return errors.Join(s.run(ctx), i.Close())
}

// server is one run of serve or demo.
type server struct {
	*config.Config
	i     *instance.Instance
	demo  bool
	ready string // what is said before the address

	// before runs when all is composed and nothing is answered yet.
	before func(ctx context.Context, a *app.App) error
}

// run serves until ctx ends.
func (s *server) run(ctx context.Context) error {
	l, err := logger(s.Log)
	if err != nil {
		return err
	}
	ln, err := listen(ctx, s.Config)
	if err != nil {
		return err
	}
	defer ln.Close()
	o := app.Options{Config: s.Config, DB: s.i.DB, Keys: s.i.Keys, Log: l, Demo: s.demo}
	stopMetrics := func() error { return nil }
	if s.MetricsAddr != "" {
		m := metrics.New(config.Release())
		o.Observe = m.Observe
		if stopMetrics, err = serveMetrics(ctx, s.MetricsAddr, m, s.i.DB); err != nil {
			return err
		}
	}
	defer stopMetrics()
	a, err := app.New(ctx, o)
	if err != nil {
		return err
	}
	if err := s.before(ctx, a); err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	fmt.Println(s.ready, s.Public())
	err = answer(ctx, ln, s.Config, a.Handler(), l, grace)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	stopErr := a.Stop(stopping)
	if errors.Is(stopErr, context.DeadlineExceeded) {
		stopErr = fmt.Errorf("the work in the background did not end within %s and is left: it is taken up again after the next start", grace)
	}
	return errors.Join(err, stopErr, stopMetrics())
}

// serveMetrics serves them on an address of their own.
func serveMetrics(ctx context.Context, addr string, m *metrics.Metrics, d *db.DB) (stop func() error, err error) {
	m.Pools(d.Stats)
	for _, state := range []jobs.State{jobs.Ready, jobs.Running, jobs.Dead} {
		err := m.Gauge("unisson_jobs", "Jobs by state.", string(state), func(ctx context.Context) (float64, error) {
			n, err := jobs.Count(ctx, d)
			return float64(n.ByState[state]), err
		})
		if err != nil {
			return nil, err
		}
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--metrics-addr: cannot listen on %s: %w", addr, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- m.Serve(ctx, ln) }()
	return sync.OnceValue(func() error { cancel(); return <-ended }), nil
}
