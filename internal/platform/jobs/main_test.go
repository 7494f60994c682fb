//go:build unix

package jobs

import (
	"os"
	"testing"

	"unisson/internal/platform/db/dbtest"
)

// TestMain is also the main of the worker processes that the kill tests start.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		childMain()
		return
	}
	dbtest.Main(m)
}
