package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"unisson/internal/platform/db"
)

func TestPeopleAreLetInAndShutOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	who := []string{"zoe.martin@example.com", "--data", dir}
	add := append([]string{"user", "add", "--given", "Zoé", "--family", "Martin", "--role", "administrator", "--public-url", "https://u.example.com"}, who...)
	out := does(t, add...)
	if !strings.Contains(out, "Zoé Martin may sign in as zoe.martin@example.com.") || !strings.Contains(out, "  https://u.example.com/") {
		t.Errorf("add says:\n%s", out)
	}
	refuses(t, exitFailed, "email", add...)
	refuses(t, exitFailed, "role", "user", "add", "x@example.com", "--given", "X", "--family", "Y", "--role", "wizard", "--data", dir)
	refuses(t, exitFailed, "is no day", "user", "add", "x@example.com", "--given", "X", "--family", "Y", "--role", "guest", "--until", "soon", "--data", dir)
	refuses(t, exitUsage, "--given", "user", "add", "x@example.com", "--role", "guest", "--data", dir)
	refuses(t, exitFailed, "nobody here has the address", "user", "reset", "nobody@example.com", "--data", dir)
	refuses(t, exitFailed, "nobody here has the address", "user", "disable", "nobody@example.com", "--data", dir)
	refuses(t, exitFailed, "nobody here has the address", "token", "create", "nobody@example.com", "--name", "x", "--scope", "read", "--data", dir)

	// The link that reset prints opens a page of the product, at the address of
	// the last serve.
	p := start(t, "serve", "--data", dir, "--addr", "127.0.0.1:0")
	if len(p.said) != 1 {
		t.Errorf("with somebody there it still says %q", p.said)
	}
	link := ""
	for line := range strings.Lines(does(t, append([]string{"user", "reset"}, who...)...)) {
		if strings.HasPrefix(line, "  http") {
			link = strings.TrimSpace(line)
		}
	}
	if code, _ := get(t, browser(t), link); code != http.StatusOK || !strings.HasPrefix(link, p.url) {
		t.Errorf("the link %q gives %d; the product is at %s", link, code, p.url)
	}
	token := strings.TrimSpace(does(t, append([]string{"token", "create", "--name", "sync", "--scope", "read"}, who...)...))
	refuses(t, exitUsage, "--scope", append([]string{"token", "create", "--name", "x", "--scope", "everything"}, who...)...)
	refuses(t, exitFailed, "", append([]string{"token", "create", "--name", "x", "--scope", "read", "--days", "4000"}, who...)...)
	valid := func() int64 {
		d, err := db.Open(t.Context(), db.Config{Path: filepath.Join(dir, "unisson.db")})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var n int64
		err = d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
			n, err = db.One(ctx, r, db.Value[int64], "select count(*) from api_tokens where revoked_at is null")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if valid() != 1 || len(token) < 30 || strings.ContainsAny(token, " \n") {
		t.Errorf("token create prints %q and leaves %d tokens", token, valid())
	}
	// Another administrator, or the last one could not be shut out.
	cmd := command(t, nil, "user", "add", "adam@example.com", "--given", "Adam", "--family", "Roy", "--role", "administrator", "--password-stdin", "--data", dir)
	cmd.Stdin = strings.NewReader("correct horse battery 9\n")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil || strings.Contains(said.String(), "link") {
		t.Errorf("%v\n%s", err, said.String())
	}
	does(t, append([]string{"user", "disable"}, who...)...)
	if valid() != 0 {
		t.Error("the token of somebody who was shut out lives on")
	}
	c := browser(t)
	req, err := http.NewRequest(http.MethodPost, p.url+"/sign-in", strings.NewReader(url.Values{"email": {"adam@example.com"},
		"password": {"correct horse battery 9"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode >= 400 || strings.Contains(res.Request.URL.Path, "sign-in") {
		t.Errorf("the password of standard input leads to %s with %d", res.Request.URL, res.StatusCode)
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.err)
	}
	if strings.Contains(p.err.String(), "example.com") || strings.Contains(p.err.String(), token) {
		t.Errorf("the log tells an address or a token:\n%s", p.err)
	}
}

func TestTheEnvironmentSaysWhatFlagsSay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "named")
	out, _, code := unisson(t, []string{"UNISSON_DATA=" + dir}, "doctor")
	if code != exitOK || !strings.Contains(out, dir) {
		t.Errorf("exit %d\n%s", code, out)
	}
	_, errOut, code := unisson(t, []string{"UNISSON_ADDR=:1"}, "serve", "--data", dir)
	if code != exitUsage || !strings.Contains(errOut, "--insecure-http") {
		t.Errorf("exit %d\n%s", code, errOut)
	}
}

func TestVersionAndHelp(t *testing.T) {
	if out := does(t, "version"); !strings.HasPrefix(out, "unisson ") || !strings.Contains(out, "go1.") {
		t.Errorf("%q", out)
	}
	for _, args := range [][]string{nil, {"--help"}} {
		out := does(t, args...)
		for _, word := range []string{"serve", "demo", "migrate", "doctor", "backup", "restore", "user", "token", "version"} {
			if !strings.Contains(out, "\n  "+word) {
				t.Errorf("the help does not name %s:\n%s", word, out)
			}
		}
	}
}
