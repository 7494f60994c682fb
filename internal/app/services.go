package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"unisson/internal/access"
	"unisson/internal/customers"
	"unisson/internal/imports"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/outbound"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/webhooks"
	"unisson/internal/team"
	"unisson/internal/timeline"
)

// services builds what capabilities stand on, then the capabilities in the
// order of their tiers.
func (a *App) services(ctx context.Context) (err error) {
	c, d := a.o.Config, a.o.DB
	a.out = outbound.New(outbound.Config{Allow: c.Outbound(), Ports: issuerPort(c.OIDC)})
	if a.Mail, err = a.newMail(); err != nil {
		return err
	}
	if a.Auth, err = auth.New(auth.Config{DB: d, Keys: a.o.Keys, Policy: a.policy, Bus: a.bus, PublicURL: c.Public(), Log: a.o.Log,
		Demo: a.o.Demo, OIDC: companySignIn(c.OIDC, a.out.HTTP())}); err != nil {
		return err
	}
	a.Auth.SetLetters(access.NewLetters(a.Mail))
	a.Team = team.NewService(d, a.bus, a.Auth)
	a.Auth.SetScope(a.Team.ScopeOf)
	a.Customers = customers.NewService(d, a.bus, a.Team, a.o.Keys)
	a.Timeline = timeline.NewService(d, a.bus, a.Team, a.Customers)
	a.Imports = imports.New(imports.Config{DB: d, Dir: filepath.Join(c.DataDir, "imports"), Targets: a.targets(), ActFor: a.Auth.ActFor})
	a.Customers.SetHolders(registry.Holder{Name: "timeline", Export: a.Timeline.ExportContact})
	if a.Notify, err = notify.New(d, notify.Config{Bundle: a.bundle, Mail: a.Mail, Logger: a.o.Log}); err != nil {
		return err
	}
	a.Webhooks = webhooks.New(webhooks.Config{DB: d, Bus: a.bus, Catalog: catalog(), Out: a.out, Vault: a.o.Keys, ActFor: a.Auth.ActFor})
	a.react()
	if err = a.work(); err != nil {
		return err
	}
	a.Jobs = jobs.NewRunner(d, a.jobReg, jobs.Config{Bus: a.bus, Log: a.o.Log, Limits: map[string]int{mailQueue: 1, webhooks.Queue: 1, imports.Queue: 1}})
	return a.Team.Prepare(ctx)
}

// mailQueue is the queue of letters: one at a time, so that a slow relay leaves
// workers to the rest.
const mailQueue = "mail"

func (a *App) newMail() (*mail.Service, error) {
	c := a.o.Config
	conf := mail.Config{Relay: c.Mail.URL, From: c.Mail.From, PublicURL: c.Public().String(), Bundle: a.bundle, Vault: a.o.Keys, Logger: a.o.Log}
	if c.Mail.DKIMKey != "" {
		text, err := os.ReadFile(c.Mail.DKIMKey)
		if err != nil {
			return nil, fmt.Errorf("--dkim-key: %w", err)
		}
		key, err := mail.ParseDKIMKey(text)
		if err != nil {
			return nil, fmt.Errorf("--dkim-key: %w", err)
		}
		conf.DKIM = &mail.DKIM{Key: key, Selector: c.Mail.DKIMSelector, Domain: c.Mail.DKIMDomain}
	}
	return mail.New(a.o.DB, func(ctx context.Context, tx db.Tx, job mail.SendJob) error {
		_, err := jobs.Insert(ctx, tx, job, jobs.Opts{Queue: mailQueue})
		return err
	}, conf)
}

// companySignIn is nil where none is configured.
func companySignIn(c config.OIDC, client *http.Client) *auth.OIDCConfig {
	if c.Issuer == "" {
		return nil
	}
	return &auth.OIDCConfig{Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret, Domains: strings.Fields(c.Domain), HTTP: client}
}

// issuerPort is the port of a company's own sign-in server, where it is not the
// usual one.
func issuerPort(c config.OIDC) []uint16 {
	u, err := url.Parse(c.Issuer)
	if err != nil {
		return nil
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		return nil
	}
	return []uint16{uint16(port)}
}
