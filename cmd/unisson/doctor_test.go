package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/db/dbtest"
)

func TestTheDoctorFindsEverythingInOrder(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			out := does(t, append([]string{"doctor", "--data", filepath.Join(t.TempDir(), "new")}, database(t, e)...)...)
			for _, what := range []string{"program", "installation", "key", "disk", "database", "encoding", "integrity", "order of text", "clock", "schema",
				"attached files", "trusted proxies", "mail", "background work"} {
				if !regexp.MustCompile(`(?m)^ok  ` + what + ` `).MatchString(out) {
					t.Errorf("nothing about %s in:\n%s", what, out)
				}
			}
			if !regexp.MustCompile(`(?m)^auth\.people\.manage +(· +)*x`).MatchString(out) {
				t.Errorf("no table of permissions in:\n%s", out)
			}
		})
	}
}

func TestTheDoctorNamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeCertificate(t, cert, key, time.Now().Add(48*time.Hour))
	out, errOut, code := unisson(t, nil, "doctor", "--data", dir, "--tls-cert", cert, "--tls-key", key, "--public-url", "https://u.example.com",
		"--smtp-url", "smtp://u:hunter2@127.0.0.1:1", "--mail-from", "unisson@example.com")
	if code != exitFailed || !strings.Contains(errOut, "2 checks failed") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	for _, says := range []string{"FAILED  certificate      " + cert + " ends on ", "FAILED  mail             mail: the relay 127.0.0.1:1 does not serve us"} {
		if !strings.Contains(out, says) {
			t.Errorf("no %q in:\n%s", says, out)
		}
	}
	if strings.Contains(out+errOut, "hunter2") {
		t.Error("the doctor tells the password of the relay")
	}
}
