package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/log"
	"unisson/migrations"
)

// open opens the installation, making and migrating what is missing.
func open(ctx context.Context, s config.Store) (*instance.Instance, error) {
	return instance.Open(ctx, instance.Options{Store: s, Migrations: migrations.Files})
}

// within composes the product for one command and acts as the system.
func within(ctx context.Context, c config.Config, do func(ctx context.Context, a *app.App) error) error {
	// Nothing is served: only the address of links matters here.
	if c.Addr == "" && c.PublicURL == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if err := c.Validate(); err != nil {
		return err
	}
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Options{Config: &c, DB: i.DB, Keys: i.Keys, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Demo: i.Demo != ""})
	if err == nil {
		err = do(auth.AsSystem(ctx), a)
	}
	return errors.Join(err, i.Close())
}

func logger(c config.Log) (*slog.Logger, error) {
	l, err := log.New(os.Stderr, c.Format, c.Level)
	if err == nil {
		slog.SetDefault(l)
	}
	return l, err
}

// listen binds the address and tells the configuration which one it became.
func listen(ctx context.Context, c *config.Config) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, errors.New("--addr: cannot listen on " + c.Addr + ": " + err.Error() + ". Is another program there already? Choose another port with --addr")
	}
	c.Listening(l.Addr())
	return l, nil
}
