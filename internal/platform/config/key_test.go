package config_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"unisson/internal/platform/config"
)

func TestTheKeyIsMadeOnceAndForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "unisson.key")
	if _, err := config.LoadKey(path, false); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Fatalf("a missing key: %v", err)
	}
	prints := make([]string, 8)
	var wg sync.WaitGroup
	for i := range prints {
		wg.Go(func() {
			k, err := config.LoadKey(path, true)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = k.Fingerprint()
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Fatalf("processes that start at once have different keys: %v", prints)
		}
	}
	st, err := os.Stat(path)
	if err != nil || (runtime.GOOS != "windows" && st.Mode().Perm() != 0o600) {
		t.Errorf("%v %v, want mode 0600", st.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".unisson*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestADamagedOrOpenKeyFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"empty":          {"", 0o600, "damaged"},
		"other label":    {"ssh-key AAAA", 0o600, "damaged"},
		"too short":      {"unisson-key-1 AAAA\n", 0o600, "damaged"},
		"no base64":      {"unisson-key-1 ****\n", 0o600, "damaged"},
		"open to others": {"unisson-key-1 " + strings.Repeat("A", 43) + "=\n", 0o644, "chmod 600"},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := config.LoadKey(path, true); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want a message with %q", name, err, c.says)
		}
	}
	if _, err := config.LoadKey(dir, true); err == nil {
		t.Error("a folder was read as a key")
	}
}

func TestEachPurposeHasItsOwnSecret(t *testing.T) {
	k, err := config.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := config.NewKey(bytes.Repeat([]byte{8}, 32))
	if bytes.Equal(k.Derive("a", 32), k.Derive("b", 32)) || bytes.Equal(k.Derive("a", 32), other.Derive("a", 32)) {
		t.Error("two purposes or two keys share a secret")
	}
	if !bytes.Equal(k.Derive("a", 32), k.Derive("a", 32)) {
		t.Error("the same purpose gives another secret each time")
	}
	if k.Fingerprint() == other.Fingerprint() || len(k.Fingerprint()) != 19 {
		t.Errorf("fingerprints %s and %s", k.Fingerprint(), other.Fingerprint())
	}
	for _, s := range []string{fmt.Sprint(k), fmt.Sprintf("%v %+v %#v %s", k, k, k, k)} {
		if strings.Contains(s, "7 7 7") || strings.Contains(s, "0x7") {
			t.Errorf("printing the key tells it: %s", s)
		}
	}
	if _, err := config.NewKey([]byte("short")); err == nil {
		t.Error("a short secret was taken")
	}
	defer func() {
		if recover() == nil {
			t.Error("the zero key derived something")
		}
	}()
	config.Key{}.Derive("a", 1)
}
