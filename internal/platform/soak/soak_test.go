package soak_test

import (
	"os"
	"path/filepath"
	"testing"

	"unisson/internal/platform/soak"
)

func TestSizesGrowInASoak(t *testing.T) {
	t.Setenv("UNISSON_SOAK", "")
	t.Setenv("UNISSON_SOAK_ONLY", "")
	t.Setenv("UNISSON_SOAK_FACTOR", "")
	if got := soak.Start(t, "T-X01").Size(3, 200); got != 3 {
		t.Errorf("an ordinary run has size %d, want 3", got)
	}
	t.Setenv("UNISSON_SOAK", "1")
	t.Setenv("UNISSON_SOAK_FACTOR", "2")
	if got := soak.Start(t, "T-X01").Size(3, 200); got != 400 {
		t.Errorf("a soak has size %d, want 400", got)
	}
}

func TestASoakForOthersIsSkipped(t *testing.T) {
	t.Setenv("UNISSON_SOAK_ONLY", "T-A01,T-B01")
	ran := map[string]bool{}
	for _, id := range []string{"T-A01", "T-B01", "T-C01"} {
		t.Run(id, func(t *testing.T) {
			soak.Start(t, id)
			ran[id] = true
		})
	}
	if !ran["T-A01"] || !ran["T-B01"] || ran["T-C01"] {
		t.Errorf("ran %v", ran)
	}
}

func TestASeedReplaysARun(t *testing.T) {
	t.Setenv("UNISSON_SOAK_ONLY", "")
	t.Setenv("UNISSON_SOAK_SEED", "42")
	if a, b := soak.Start(t, "T-X01").Rand.Uint64(), soak.Start(t, "T-X01").Rand.Uint64(); a != b {
		t.Errorf("the same seed gives %d and %d", a, b)
	}
}

func TestTheLedgerAddsUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	t.Setenv("UNISSON_SOAK_ONLY", "")
	t.Setenv("UNISSON_SOAK_LEDGER", path)
	run := soak.Start(t, "T-X01")
	run.Done("sqlite", 0, 200)
	run.Done("sqlite", 0, 300)
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "T-X01 sqlite: 0 in 200\nT-X01 sqlite: 0 in 300\n"; string(got) != want {
		t.Errorf("the ledger holds %q, want %q", got, want)
	}
}
