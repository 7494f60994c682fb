package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

type demoCmd struct {
	config.Config `embed:""`
	Seed          uint64 `name:"seed" default:"1" help:"The same seed gives the same company."`
	People        int    `name:"people" default:"60" help:"How many people work there."`
}

// Validate fills in what the demonstration sees otherwise than serve, before
// Config checks itself.
func (c *demoCmd) Validate() error {
	if c.DataDir == "" {
		c.DataDir = demoDir()
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.People < 20 || c.People > 5000 {
		return fmt.Errorf("--people %d: from 20 to 5,000", c.People)
	}
	return nil
}

// demoDir keeps the company where what can be made again is kept.
func demoDir() string {
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "unisson-demo")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("unisson-demo-%d", os.Getuid()))
}

// Run makes the company on the first start and serves it.
func (c *demoCmd) Run(ctx context.Context) error {
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	s := &server{Config: &c.Config, i: i, demo: true, ready: "Unisson demo is ready on", before: func(ctx context.Context, a *app.App) error {
		if i.Demo != "" {
			return nil // made at an earlier start
		}
		err := i.DB.Write(auth.AsSystem(ctx), func(ctx context.Context, _ db.Tx) error {
			there, err := a.Auth.AnyUser(ctx)
			if err != nil {
				return err
			}
			if there {
				return fmt.Errorf("%s holds a real company: choose another folder for the demonstration with --data", c.DataDir)
			}
			if err := a.Seed(ctx, c.Seed, registry.Size{People: c.People}); err != nil {
				return err
			}
			return i.MarkDemo(ctx, fmt.Sprintf("seed %d, %d people", c.Seed, c.People))
		})
		// What it took to make a company is not needed to serve one.
		debug.FreeOSMemory()
		return err
	}}
	return errors.Join(s.run(ctx), i.Close())
}
