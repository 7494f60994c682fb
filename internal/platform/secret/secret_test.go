package secret_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestAKeyFileIsMadeOnceForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "key")
	first, err := secret.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o, want 0600", st.Mode().Perm())
	}
	again, err := secret.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if first.Fingerprint() != again.Fingerprint() || len(first.Fingerprint()) != 16 {
		t.Errorf("fingerprints %q and %q", first.Fingerprint(), again.Fingerprint())
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files are left beside the key", len(entries)-1)
	}
	sealed := first.Seal("test", "row", []byte("seed"))
	if plain, err := again.Unseal("test", "row", sealed); err != nil || string(plain) != "seed" {
		t.Errorf("reopened keys give %q, %v", plain, err)
	}
}

func TestProcessesThatStartTogetherAgreeOnOneKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var wg sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		wg.Add(1)
		go func() {
			defer wg.Done()
			k, err := secret.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = k.Fingerprint()
		}()
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] || p == "" {
			t.Fatalf("different keys: %q", prints)
		}
	}
}

func TestAKeyFileThatOthersMayReadIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	path := filepath.Join(t.TempDir(), "key")
	if _, err := secret.Open(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

func TestADamagedKeyFileIsRefusedAndNeverReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := secret.Read(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading a missing file: %v", err)
	}
	for _, text := range []string{"", "unisson key 1 abcd\n", "something else", "unisson key 1 " + strings.Repeat("zz", 32)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Open(path); err == nil || !strings.Contains(err.Error(), "cut short") {
			t.Errorf("%q: %v", text, err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if _, err := secret.Open(filepath.Join(path, "below", "key")); err == nil {
		t.Error("a key file below a file was accepted")
	}
}

func TestSealedTextOpensOnlyForItsPurposeAndRow(t *testing.T) {
	k := secret.Generate()
	sealed := k.Seal("totp", "u1", []byte("JBSWY3DP"))
	if strings.Contains(sealed, "JBSWY3DP") || sealed == k.Seal("totp", "u1", []byte("JBSWY3DP")) {
		t.Errorf("sealed text shows its content or repeats: %s", sealed)
	}
	flipped := sealed[:len(sealed)-2] + string('A'+(sealed[len(sealed)-2]-'A'+1)%26) + sealed[len(sealed)-1:]
	for name, try := range map[string]func() ([]byte, error){
		"other purpose": func() ([]byte, error) { return k.Unseal("smtp", "u1", sealed) },
		"other row":     func() ([]byte, error) { return k.Unseal("totp", "u2", sealed) },
		"other key":     func() ([]byte, error) { return secret.Generate().Unseal("totp", "u1", sealed) },
		"altered":       func() ([]byte, error) { return k.Unseal("totp", "u1", flipped) },
		"cut":           func() ([]byte, error) { return k.Unseal("totp", "u1", sealed[:10]) },
		"no version":    func() ([]byte, error) { return k.Unseal("totp", "u1", sealed[2:]) },
		"no text":       func() ([]byte, error) { return k.Unseal("totp", "u1", "1.%%") },
	} {
		if plain, err := try(); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	if plain, err := k.Unseal("totp", "u1", sealed); err != nil || string(plain) != "JBSWY3DP" {
		t.Errorf("own: %q, %v", plain, err)
	}
}

func TestHashesDependOnKeyPurposeAndText(t *testing.T) {
	k := secret.Generate()
	seen := map[string]bool{}
	for _, h := range []string{k.Hash("a", "x"), k.Hash("b", "x"), k.Hash("a", "y"), secret.Generate().Hash("a", "x")} {
		if len(h) != 64 || seen[h] {
			t.Errorf("hash %q repeats or has the wrong length", h)
		}
		seen[h] = true
	}
	if first, again := k.Hash("a", "x"), k.Hash("a", "x"); first != again {
		t.Error("the same text gives two hashes")
	}
}

func TestADatabaseRefusesAnotherKeyFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := secret.Generate()
		for range 2 {
			if err := k.Bind(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		dbtest.Unchanged(t, d, func() {
			var other secret.OtherKeyError
			if err := secret.Generate().Bind(ctx, d); !errors.As(err, &other) || other.Database != k.Fingerprint() {
				t.Errorf("another key: %v", err)
			}
		})
	})
}
