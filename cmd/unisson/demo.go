package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// defaultDataDir is what config.Store gives when --data is not said.
const defaultDataDir = "unisson-data"

type demoCmd struct {
	config.Config `embed:""`
	Seed          uint64 `name:"seed" default:"1" help:"The same seed gives the same company."`
	People        int    `name:"people" default:"60" help:"How many people work there."`
}

// Run makes the company on the first start and serves it.
func (c *demoCmd) Run(ctx context.Context) error {
	if c.People < 20 || c.People > 5000 {
		return fmt.Errorf("--people %d: from 20 to 5,000", c.People)
	}
	if c.DataDir == defaultDataDir {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		c.DataDir = filepath.Join(cache, "unisson-demo")
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if err := c.Validate(); err != nil {
		return err
	}
	i, err := open(ctx, c.Store)
	if err != nil {
		return err
	}
	defer i.Close()
	return serve(ctx, &c.Config, i, true, func(ctx context.Context, a *app.App) error {
		if i.Demo != "" {
			return nil // made at an earlier start
		}
		there, err := a.Auth.AnyUser(ctx)
		if err != nil {
			return err
		}
		if there {
			return fmt.Errorf("%s holds a real company: choose another folder for the demonstration with --data", c.DataDir)
		}
		return i.DB.Write(auth.AsSystem(ctx), func(ctx context.Context, _ db.Tx) error {
			if err := a.Seed(ctx, c.Seed, registry.Size{People: c.People}); err != nil {
				return err
			}
			return i.MarkDemo(ctx, fmt.Sprintf("seed %d, %d people", c.Seed, c.People))
		})
	}, "Unisson demo is ready on")
}
