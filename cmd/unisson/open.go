package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/log"
	"unisson/migrations"
)

// open opens the installation, making and migrating what is missing.
func open(ctx context.Context, s config.Store) (*instance.Instance, error) {
	return instance.Open(ctx, instance.Options{Store: s, Migrations: migrations.Files})
}

// office is what commands about people are told.
type office struct {
	config.Store `embed:""`
	PublicURL    string `name:"public-url" env:"UNISSON_PUBLIC_URL" placeholder:"https://…" help:"Address that links begin with (default: that of the last serve)."`
}

// within composes the product for one command, which acts as the system.
func (o office) within(ctx context.Context, do func(ctx context.Context, a *app.App) error) (err error) {
	i, err := open(ctx, o.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	// Nothing is served: of the addresses only that of links matters.
	c := &config.Config{Store: o.Store, Addr: "127.0.0.1:8080", InsecureHTTP: true, PublicURL: o.PublicURL}
	if c.PublicURL == "" {
		if c.PublicURL, err = lastURL(ctx, i.DB); err != nil {
			return err
		}
	}
	if err := c.Validate(); err != nil {
		return err
	}
	a, err := app.New(ctx, app.Options{Config: c, DB: i.DB, Keys: i.Keys, Log: slog.New(slog.DiscardHandler), Demo: i.Demo != ""})
	if err != nil {
		return err
	}
	return do(auth.AsSystem(ctx), a)
}

// urlSetting is where serve leaves its public address for commands that print
// links.
const urlSetting = "public_url"

func lastURL(ctx context.Context, d *db.DB) (url string, err error) {
	err = d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		url, err = db.Setting(ctx, r, urlSetting)
		return err
	})
	return url, err
}

func rememberURL(ctx context.Context, d *db.DB, url string) error {
	last, err := lastURL(ctx, d)
	if err != nil || last == url {
		return err
	}
	return d.Write(ctx, func(ctx context.Context, tx db.Tx) error { return db.SetSetting(ctx, tx, urlSetting, url) })
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
		return nil, fmt.Errorf("--addr: cannot listen on %s: %w. Is another program there already? Choose another port with --addr", c.Addr, err)
	}
	c.Listening(l.Addr())
	return l, nil
}
