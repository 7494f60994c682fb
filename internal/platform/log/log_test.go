package log_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"unisson/internal/platform/log"
)

func TestTheLogHoldsNoPersonalData(t *testing.T) {
	canaries := []string{"zoe.martin@example.com", "s3cr3t", "Zoé", "+33 6 12", "hunter2"}
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		l, err := log.New(&out, format, "debug")
		if err != nil {
			t.Fatal(err)
		}
		l.Info("mail to zoe.martin@example.com was refused",
			"email", "zoe.martin@example.com", "user_email", "zoe.martin@example.com", "smtpPassword", "s3cr3t", "X-Token", "s3cr3t",
			"given_name", "Zoé", "phone", "+33 6 12", "err", errors.New("550 <zoe.martin@example.com>: unknown"),
			"relay", "smtp://u:hunter2@mail.example.com:587", "list", []string{"zoe.martin@example.com"},
			slog.Group("request", "cookie", "s3cr3t", "authorization", "Bearer s3cr3t"))
		l.WithGroup("g").With("to", "zoe.martin@example.com").Warn("again", "token", "s3cr3t", slog.Group("h", "secret", "s3cr3t"))
		for _, c := range canaries {
			if strings.Contains(out.String(), c) {
				t.Errorf("%s: %q is in the log:\n%s", format, c, out.String())
			}
		}
	}
}

func TestTheLogKeepsWhatOperatorsNeed(t *testing.T) {
	var out bytes.Buffer
	l, err := log.New(&out, "json", "info")
	if err != nil {
		t.Fatal(err)
	}
	l.Debug("not wanted")
	l.Info("request", "request_id", "r1", "pattern", "GET /people/{id}", "status", 200, "user_id", "u1", "ip", netip.MustParseAddr("192.0.2.7"),
		"mailbox_size", 3, "tokenizer", "go", "token_id", "t1")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	for key, want := range map[string]any{"msg": "request", "request_id": "r1", "pattern": "GET /people/{id}", "status": 200.0,
		"user_id": "u1", "ip": "192.0.2.7", "mailbox_size": 3.0, "tokenizer": "go", "token_id": "t1", "level": "INFO"} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	if line["time"] == nil {
		t.Error("the line has no time")
	}
}

func TestAnUnknownFormOrLevelIsRefused(t *testing.T) {
	for _, c := range [][2]string{{"xml", "info"}, {"text", "loud"}, {"", ""}} {
		if _, err := log.New(&bytes.Buffer{}, c[0], c[1]); err == nil {
			t.Errorf("%v was taken", c)
		}
	}
}
