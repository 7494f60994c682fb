package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

// maxBuckets bounds what the limiter remembers; beyond it, it starts anew.
const maxBuckets = 10_000

// PerActor allows each actor so many requests a second, and bursts. It lives in
// this process: what must survive a restart is counted in the database.
func PerActor(c clock.Clock, perSecond float64, burst int) func(auth.Actor) error {
	var mu sync.Mutex
	buckets := map[string]*rate.Limiter{}
	return func(a auth.Actor) error {
		mu.Lock()
		defer mu.Unlock()
		key := a.UserID + "/" + a.TokenID
		b := buckets[key]
		if b == nil {
			if len(buckets) >= maxBuckets {
				clear(buckets)
			}
			b = rate.NewLimiter(rate.Limit(perSecond), burst)
			buckets[key] = b
		}
		if b.AllowN(c.Now(), 1) {
			return nil
		}
		return errs.Throttled(time.Second)
	}
}
