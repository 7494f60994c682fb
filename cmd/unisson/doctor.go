package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/jobs"
	"unisson/migrations"
)

type doctorCmd struct {
	config.Config `embed:""`
}

// Run checks what can be checked, prints a line each, and fails when one does.
func (c *doctorCmd) Run(ctx context.Context) error {
	i, err := instance.Open(ctx, instance.Options{Store: c.Store, Migrations: migrations.Files, AsItIs: true})
	if err != nil {
		return err
	}
	defer i.Close()
	d := &checkup{w: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	d.ok("program", fmt.Sprintf("%s, %s %s/%s", config.Release(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
	at, latest, err := i.DB.SchemaVersion(ctx, migrations.Files)
	d.check("schema", fmt.Sprintf("version %d of %d", at, latest), err)
	if err == nil && at != latest {
		d.bad("schema", fmt.Errorf("run \"unisson migrate\" (or start the product) with the matching release"))
		return d.done()
	}
	version, err := i.DB.Version(ctx)
	d.check("database", version, err)
	found, err := i.DB.Integrity(ctx)
	if len(found) > 0 {
		err = fmt.Errorf("%s", strings.Join(found, "; "))
	}
	d.check("integrity", "sound", err)
	order, err := i.DB.Collation(ctx)
	d.check("order of text", order, err)
	free, err := freeDisk(c.DataDir)
	if err == nil && free < 1<<30 {
		err = fmt.Errorf("only %d MB free in %s", free>>20, c.DataDir)
	}
	d.check("disk", fmt.Sprintf("%d GB free in %s", free>>30, c.DataDir), err)
	d.ok("key", "fingerprint "+i.Keys.Fingerprint())
	err = i.Close()
	if err == nil {
		err = within(ctx, c.Config, d.product)
	}
	if err != nil {
		d.bad("product", err)
	}
	return d.done()
}

// product checks what needs the composed product, and prints the policy.
func (d *checkup) product(ctx context.Context, a *app.App) error {
	rep, err := a.Mail.Check(ctx)
	where := "no relay: mail stays in the mailbox page"
	if rep.Relay != "" {
		where = fmt.Sprintf("%s, encrypted %v", rep.Relay, rep.Encrypted)
	}
	d.check("mail", where, err)
	if rep.DKIM != "" {
		d.ok("mail signature", "publish in the DNS: "+rep.DKIM)
	}
	skew, err := a.DB().Skew(ctx)
	if err == nil && skew.Abs().Seconds() > 5 {
		err = fmt.Errorf("the database's clock is %s away from this machine's", skew)
	}
	d.check("clock", "agrees with the database's", err)
	stats, err := jobs.Count(ctx, a.DB())
	d.check("background work", fmt.Sprintf("%d waiting, %d given up", stats.ByState[jobs.Ready], stats.ByState[jobs.Dead]), err)
	d.ok("", "")
	d.policy(a.Policy())
	return nil
}

// policy prints who may do what.
func (d *checkup) policy(p *auth.Policy) {
	head := []string{"permission"}
	for _, r := range p.Roles() {
		head = append(head, string(r))
	}
	fmt.Fprintln(d.w, strings.Join(head, "\t"))
	for _, perm := range p.Permissions() {
		line := []string{string(perm)}
		for _, r := range p.Roles() {
			line = append(line, map[bool]string{true: "x", false: "·"}[p.Grants(r, perm)])
		}
		fmt.Fprintln(d.w, strings.Join(line, "\t"))
	}
}

// checkup prints findings and remembers whether one was bad.
type checkup struct {
	w      *tabwriter.Writer
	failed int
}

func (d *checkup) ok(what, text string) { fmt.Fprintf(d.w, "%s\t%s\n", what, text) }

func (d *checkup) bad(what string, err error) {
	d.failed++
	fmt.Fprintf(d.w, "%s\tFAILED: %v\n", what, err)
}

func (d *checkup) check(what, text string, err error) {
	if err != nil {
		d.bad(what, err)
		return
	}
	d.ok(what, text)
}

func (d *checkup) done() error {
	_ = d.w.Flush() // standard output
	if d.failed > 0 {
		return fmt.Errorf("%d checks failed", d.failed)
	}
	return nil
}
