package mail_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/mail"
)

// A process is killed at each named point of the delivery, and a second one finds what it left.
func TestAKilledDeliveryIsTakenUpAgain(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-tags", "crashtest", "-o", bin, "./testdata/program").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, engine := range dbtest.Engines() {
		for point, want := range map[string]struct {
			before, after, marketing int // mails the relay has at the crash, after the second start, and then if at most once
		}{
			"mail.after_handed": {0, 1, 0},
			"mail.after_data":   {1, 2, 1},
		} {
			for _, policy := range []string{"again", "once"} {
				t.Run(string(engine)+"/"+point+"/"+policy, func(t *testing.T) {
					srv := serve(t, nil)
					database := filepath.Join(t.TempDir(), "unisson.db")
					if engine == db.Postgres {
						database = dbtest.Postgres(t)
					}
					run := func(at string) error {
						cmd := exec.Command(bin, database, srv.url, policy)
						cmd.Env = append(os.Environ(), "UNISSON_CRASH_AT="+at)
						out, err := cmd.CombinedOutput()
						if len(out) > 0 {
							t.Logf("%s", out)
						}
						return err
					}
					var exit *exec.ExitError
					if err := run(point); !errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 137 {
						t.Fatalf("the process was not killed: %v", err)
					}
					if n := len(srv.received()); n != want.before {
						t.Errorf("%d mails at the crash, want %d", n, want.before)
					}
					if err := run(""); err != nil {
						t.Fatal(err)
					}
					got, wantState, wantMails := srv.received(), mail.Accepted, want.after
					if policy == "once" {
						wantState, wantMails = mail.Uncertain, want.marketing
					}
					if len(got) != wantMails {
						t.Fatalf("%d mails in the end, want %d", len(got), wantMails)
					}
					if len(got) == 2 && got[0].raw != got[1].raw {
						t.Error("the second copy differs from the first")
					}
					d := reopen(t, engine, database)
					s := service(t, d, &queue{}, relayed(srv.url))
					all := outbox(t, d, s)
					if len(all) != 1 || all[0].State != wantState {
						t.Errorf("%+v", all)
					}
					if len(got) > 0 && !strings.Contains(got[0].raw, "Message-ID: <"+all[0].ID+"@exemple.test>") {
						t.Error("the Message-ID is not that of the row")
					}
				})
			}
		}
	}
}

func reopen(t *testing.T, engine db.Engine, database string) *db.DB {
	t.Helper()
	conf := db.Config{Path: database}
	if engine == db.Postgres {
		conf = db.Config{URL: database}
	}
	d, err := db.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}
