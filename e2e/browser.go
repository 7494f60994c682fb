package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a step waits for what it needs, on a machine that is busy with other tests.
const patience = 15 * time.Second

// question is how long one question to the browser may take before it is asked again.
const question = 2 * time.Second

// Main runs the tests of a package and then closes the browser and removes the program built for them. It does not
// return.
func Main(m *testing.M) {
	code := m.Run()
	atExit.run()
	os.Exit(code)
}

var errNoChromium = errors.New("no Chromium was found: scripts/setup-tests installs it (on Debian: apt-get install chromium)")

func chromium() (string, error) {
	for _, name := range []string{os.Getenv("UNISSON_CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
}

// sharedBrowser is the one Chromium of this process.
var sharedBrowser = sync.OnceValues(func() (context.Context, error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	atExit.add(func() { closeBrowser(); stop() })
	return ctx, nil
})

func browserFor(t testing.TB) context.Context {
	t.Helper()
	ctx, err := sharedBrowser()
	if errors.Is(err, errNoChromium) && os.Getenv("CI") != "true" && os.Getenv("UNISSON_REQUIRE_CHROMIUM") != "1" {
		t.Skip("e2e: ", err)
	}
	if err != nil {
		t.Fatal("e2e: ", err)
	}
	return ctx
}

// cleanups are what Main does at the end, last first.
type cleanups struct {
	mu sync.Mutex
	fs []func()
}

var atExit = &cleanups{}

func (c *cleanups) add(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fs = append(c.fs, f)
}

func (c *cleanups) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.fs) - 1; i >= 0; i-- {
		c.fs[i]()
	}
	c.fs = nil
}
