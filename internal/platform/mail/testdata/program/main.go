// Command program plans one mail and delivers what waits in the outbox, to be killed on the way by the tests.
package main

import (
	"context"
	"log"
	"os"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
	"unisson/migrations"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3] == "once"); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, database, relay string, atMostOnce bool) error {
	conf := db.Config{Path: database}
	if strings.HasPrefix(database, "postgres://") {
		conf = db.Config{URL: database}
	}
	d, err := db.Open(ctx, conf)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	noJobs := func(context.Context, db.Tx, mail.SendJob) error { return nil }
	s, err := mail.New(d, noJobs, mail.Config{Relay: relay, From: "unisson@exemple.test", Bundle: i18n.MustLoad(mail.Locales())})
	if err != nil {
		return err
	}
	if err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		return s.Send(ctx, tx, mail.Message{To: "zoe@exemple.test", Subject: "x", Kind: "test", Key: "one", Text: "x", AtMostOnce: atMostOnce})
	}); err != nil {
		return err
	}
	var waiting []mail.Mail
	if err := d.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		waiting, err = s.Outbox(ctx, r, "", 10, mail.Planned, mail.Claimed, mail.Handed)
		return err
	}); err != nil {
		return err
	}
	for _, m := range waiting {
		if err := s.Deliver(ctx, m.ID); err != nil {
			return err
		}
	}
	return nil
}
