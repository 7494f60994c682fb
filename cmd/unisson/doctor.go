package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"time"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/jobs"
	"unisson/migrations"
)

type doctorCmd struct {
	config.Config `embed:""`
}

// Run checks what can be checked, prints a line each, and fails when one does.
// It does not migrate.
func (c *doctorCmd) Run(ctx context.Context) error {
	i, err := instance.Open(ctx, instance.Options{Store: c.Store, Migrations: migrations.Files, AsItIs: true})
	if err != nil {
		return err
	}
	d := newCheckup(os.Stdout)
	d.ok("program", fmt.Sprintf("%s, %s, %s/%s", config.Release(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
	d.ok("installation", i.ID)
	if i.Demo != "" {
		d.ok("demonstration", i.Demo)
	}
	d.ok("key", "fingerprint "+i.Keys.Fingerprint())
	d.machine(&c.Config)
	d.database(ctx, i)
	if d.schema(ctx, i.DB) {
		d.attached(ctx, i)
		if err := d.product(ctx, &c.Config, i); err != nil {
			d.bad("product", err)
		}
	}
	return errors.Join(d.done(), i.Close())
}

// machine looks at the disk and at the certificate.
func (d *checkup) machine(c *config.Config) {
	free, err := freeDisk(c.DataDir)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err == nil && free < 1<<30:
		d.bad("disk", fmt.Errorf("only %d MB free in %s", free>>20, c.DataDir))
	default:
		d.check("disk", fmt.Sprintf("%d GB free in %s", free>>30, c.DataDir), err)
	}
	proxies := "none: X-Forwarded-For is believed from nobody; behind a proxy name its network with --trusted-proxies"
	if len(c.Proxies()) > 0 {
		proxies = fmt.Sprintf("X-Forwarded-For is believed from %v", c.Proxies())
	}
	d.ok("trusted proxies", proxies)
	if !c.TLS() {
		return
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		d.bad("certificate", err)
		return
	}
	end := pair.Leaf.NotAfter
	if left := time.Until(end); left < 7*24*time.Hour {
		d.bad("certificate", fmt.Errorf("%s ends on %s", c.TLSCert, end.Format(time.DateOnly)))
		return
	}
	d.ok("certificate", "until "+end.Format(time.DateOnly))
}

// database asks the engine.
func (d *checkup) database(ctx context.Context, i *instance.Instance) {
	version, err := i.DB.Version(ctx)
	d.check("database", version, err)
	encoding, err := i.DB.Encoding(ctx)
	d.check("encoding", encoding, err)
	found, err := i.DB.Integrity(ctx)
	if err == nil {
		more, brokenErr := i.DB.BrokenReferences(ctx)
		found, err = append(found, more...), brokenErr
	}
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("%s; restore a backup into a new folder", strings.Join(found, "; "))
	}
	d.check("integrity", "sound", err)
	order, err := i.DB.Collation(ctx)
	d.check("order of text", order, err)
	skew, err := i.DB.Skew(ctx)
	if err == nil && skew.Abs() > 5*time.Second {
		err = fmt.Errorf("the database's clock is %s away from this machine's: set both by the same time server", skew.Round(time.Second))
	}
	d.check("clock", "agrees with the database's", err)
}

// schema tells whether the database is the one of this release.
func (d *checkup) schema(ctx context.Context, base *db.DB) bool {
	at, latest, err := base.SchemaVersion(ctx, migrations.Files)
	switch {
	case err == nil && at > latest:
		err = db.NewerError{Database: at, Program: latest}
	case err == nil && at < latest:
		err = fmt.Errorf("version %d of %d: make a backup, then run \"unisson migrate\" or start the product", at, latest)
	}
	d.check("schema", fmt.Sprintf("version %d", at), err)
	return err == nil
}

// attached compares rows with the files that they speak of.
func (d *checkup) attached(ctx context.Context, i *instance.Instance) {
	var missing []string
	err := i.DB.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		missing, err = missingFiles(ctx, i.Store, i.DB, r)
		return err
	})
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("%d are gone or cut, such as %s: an older backup may hold them", len(missing), missing[0])
	}
	d.check("attached files", "all there", err)
}

// product checks what needs the composed product, and prints who may do what.
func (d *checkup) product(ctx context.Context, c *config.Config, i *instance.Instance) error {
	a, err := app.New(ctx, app.Options{Config: c, DB: i.DB, Keys: i.Keys, Log: slog.New(slog.DiscardHandler), Demo: i.Demo != ""})
	if err != nil {
		return err
	}
	ctx = auth.AsSystem(ctx)
	rep, err := a.Mail.Check(ctx)
	where := "no relay: letters stay in the mailbox page"
	if rep.Relay != "" {
		where = fmt.Sprintf("%s answers, encrypted: %s, signed in: %s", rep.Relay, yesNo(rep.Encrypted), yesNo(rep.SignedIn))
	}
	d.check("mail", where, err)
	if rep.DKIM != "" {
		d.ok("mail signature", "publish in the DNS: "+rep.DKIM)
	}
	n, err := jobs.Count(ctx, i.DB)
	d.check("background work", fmt.Sprintf("%d waiting, %d under way, %d given up", n.ByState[jobs.Ready], n.ByState[jobs.Running], n.ByState[jobs.Dead]), err)
	d.policy(a.Policy())
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
