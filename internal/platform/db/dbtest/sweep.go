package dbtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// sweep removes what test processes that were killed have left behind: clusters without a living server, and database
// files of another day.
func sweep(place string, now time.Time) {
	if place == "" {
		place = os.TempDir()
	}
	dirs, _ := filepath.Glob(filepath.Join(place, "unisson-*"))
	for _, dir := range dirs {
		st, err := os.Stat(dir)
		if err != nil || !st.IsDir() {
			continue
		}
		age := now.Sub(st.ModTime())
		switch name := filepath.Base(dir); {
		case strings.HasPrefix(name, "unisson-pg-") && age > 2*time.Minute && !served(dir),
			strings.HasPrefix(name, "unisson-sqlite-") && age > 24*time.Hour:
			os.RemoveAll(dir)
		}
	}
}

func served(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return false
	}
	line, _, _ := strings.Cut(string(data), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}
