package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"unisson/internal/app"
	"unisson/internal/platform/config"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/metrics"
)

type serveCmd struct {
	config.Config `embed:""`
}

// Run serves until a signal.
func (c *serveCmd) Run(ctx context.Context) error {
	if err := c.Validate(); err != nil {
		return err
	}
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	defer i.Close()
	if i.Demo != "" && !c.AllowDemo {
		return fmt.Errorf("%s holds demonstration data (%s): start it with \"unisson demo\", or accept it with --allow-demo", c.DataDir, i.Demo)
	}
	return serve(ctx, &c.Config, i, false, func(ctx context.Context, a *app.App) error {
		token, err := a.Team.SetupToken(ctx)
		if err != nil || token == "" {
			return err
		}
		fmt.Fprintf(os.Stdout, "Nobody can sign in yet. Open this address once to set Unisson up:\n  %s/setup?token=%s\n", strings.TrimSuffix(c.Public().String(), "/"), token)
		return nil
	}, "Unisson is ready on")
}

// serve composes the product and serves it until ctx ends. before runs when all
// is composed and nothing is answered yet.
func serve(ctx context.Context, c *config.Config, i *instance.Instance, demo bool, before func(context.Context, *app.App) error, ready string) error {
	l, err := logger(c.Log)
	if err != nil {
		return err
	}
	ln, err := listen(ctx, c)
	if err != nil {
		return err
	}
	defer ln.Close()
	var m *metrics.Metrics
	o := app.Options{Config: c, DB: i.DB, Keys: i.Keys, Log: l, Demo: demo}
	if c.MetricsAddr != "" {
		m = metrics.New(config.Release())
		o.Observe = m.Observe
	}
	a, err := app.New(ctx, o)
	if err != nil {
		return err
	}
	if err := before(ctx, a); err != nil {
		return err
	}
	if m != nil {
		stop, err := serveMetrics(ctx, c.MetricsAddr, m)
		if err != nil {
			return err
		}
		defer stop()
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, ready, c.Public())
	err = answer(ctx, ln, c, a.Handler(), l)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return errors.Join(err, a.Stop(stopping))
}

func serveMetrics(ctx context.Context, addr string, m *metrics.Metrics) (stop func(), err error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--metrics-addr: cannot listen on %s: %w", addr, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- m.Serve(ctx, ln) }()
	return func() { cancel(); <-done }, nil
}
