package jobs

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Backoff spreads the tries of a failing job: Base after the first failure,
// twice as long after each further one, Max at most; half of the wait is chance,
// so that jobs that failed together do not come back together.
type Backoff struct {
	Base, Max time.Duration
}

// Delay is the wait after that many failures (at least 1).
func (b Backoff) Delay(failures int, rnd *rand.Rand) time.Duration {
	d := b.Base
	for range failures - 1 {
		if d >= b.Max/2 {
			d = b.Max
			break
		}
		d *= 2
	}
	d = min(d, b.Max)
	return d/2 + time.Duration(rnd.Int64N(int64(d/2)+1))
}

// dice is a source of chance that several workers may use.
type dice struct {
	mu  sync.Mutex
	rnd *rand.Rand
}

// newDice makes the same numbers for the same seed; zero asks for any.
func newDice(seed uint64) *dice {
	if seed == 0 {
		seed = rand.Uint64()
	}
	return &dice{rnd: rand.New(rand.NewPCG(seed, 0x756e6973736f6e))}
}

func (d *dice) delay(b Backoff, failures int) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return b.Delay(failures, d.rnd)
}
