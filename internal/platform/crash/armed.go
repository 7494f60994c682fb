//go:build crashtest

package crash

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Armed says whether this build obeys UNISSON_CRASH_AT.
const Armed = true

// Here kills the process when the environment asks for this point, and notes the visit when it asks for a list.
func Here(name string) { plan().visit(name) }

var plan = sync.OnceValue(func() *points {
	at, nth, _ := strings.Cut(os.Getenv("UNISSON_CRASH_AT"), ":")
	p := &points{at: at, nth: 1, list: os.Getenv("UNISSON_CRASH_LIST")}
	if n, err := strconv.Atoi(nth); err == nil && n > 0 {
		p.nth = n
	}
	return p
})

type points struct {
	at   string
	nth  int
	list string

	mu   sync.Mutex
	seen int
}

// visit holds the lock while it kills, so that no other goroutine finishes the step that the test wants unfinished.
func (p *points) visit(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note(name)
	if name != p.at {
		return
	}
	if p.seen++; p.seen == p.nth {
		kill()
	}
}

func (p *points) note(name string) {
	switch p.list {
	case "":
	case "stderr", "1":
		fmt.Fprintln(os.Stderr, "crash point:", name)
	default:
		f, err := os.OpenFile(p.list, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			panic("crash: UNISSON_CRASH_LIST: " + err.Error())
		}
		defer f.Close()
		fmt.Fprintln(f, "crash point:", name)
	}
}

// kill ends the process as a power cut would: neither deferred calls nor buffers get a last word.
func kill() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		os.Exit(137)
	}
	select {}
}
