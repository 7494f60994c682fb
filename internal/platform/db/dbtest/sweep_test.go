package dbtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestSweepRemovesOnlyWhatNobodyUses(t *testing.T) {
	place, now := t.TempDir(), time.Now()
	for name, c := range map[string]struct {
		age time.Duration
		pid int
	}{
		"unisson-pg-new":        {time.Minute, 0},
		"unisson-pg-old":        {time.Hour, 0},
		"unisson-pg-served":     {time.Hour, os.Getpid()},
		"unisson-pg-dead":       {time.Hour, 1 << 30},
		"unisson-sqlite-old":    {48 * time.Hour, 0},
		"unisson-sqlite-recent": {time.Hour, 0},
		"unisson-other":         {48 * time.Hour, 0},
	} {
		dir := filepath.Join(place, name)
		if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
			t.Fatal(err)
		}
		if c.pid != 0 {
			if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), fmt.Appendf(nil, "%d\nrest\n", c.pid), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(dir, now.Add(-c.age), now.Add(-c.age)); err != nil {
			t.Fatal(err)
		}
	}
	sweep(place, now)
	left, err := os.ReadDir(place)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	want := []string{"unisson-other", "unisson-pg-new", "unisson-pg-served", "unisson-sqlite-recent"}
	if !slices.Equal(names, want) {
		t.Errorf("left %v, want %v", names, want)
	}
}
