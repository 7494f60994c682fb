package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// A link of the time of the backup may have been used since: it opens nothing.
func TestARestoreEndsWhatWouldLetSomebodyIn(t *testing.T) {
	place, key := demoData(t)
	link := ""
	add := append([]string{"user", "add", "zoe.martin@example.com", "--given", "Zoé", "--family", "Martin", "--role", "administrator"}, place...)
	for line := range strings.Lines(does(t, add...)) {
		if strings.HasPrefix(line, "  http") {
			link = strings.TrimSpace(line)
		}
	}
	u, err := url.Parse(link)
	if err != nil || !strings.HasPrefix(u.Path, "/reset/") {
		t.Fatalf("link %q", link)
	}
	archive, fresh := filepath.Join(t.TempDir(), "archive"), t.TempDir()
	does(t, append([]string{"backup", archive}, place...)...)
	out := does(t, "restore", archive, "--data", fresh, "--key-file", key)
	if !strings.Contains(out, "Everybody signs in again") || !strings.Contains(out, "API keys") {
		t.Errorf("restore says:\n%s", out)
	}
	for dir, want := range map[string]int{place[1]: http.StatusOK, fresh: http.StatusConflict} {
		p := start(t, "serve", "--data", dir, "--key-file", key, "--addr", "127.0.0.1:0", "--allow-demo")
		if code, _ := get(t, browser(t), p.url+u.Path); code != want {
			t.Errorf("the link %s in %s gives %d, want %d", link, dir, code, want)
		}
		p.stop()
	}
}
