package auth

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Visit is where a request comes from, as far as it matters for signing in.
type Visit struct {
	IP        netip.Addr
	UserAgent string
	Device    string // value of the device cookie; empty: a browser not seen before
}

// limit allows n counted tries within a time.
type limit struct {
	n      int
	within time.Duration
}

// bucket is one thing that is limited: an account from one address, an address …
type bucket struct {
	id     string // keyed hash: the table shows neither addresses nor accounts
	limits []limit
}

// The limits of guessing. Each is at most 10 tries in 5 minutes; the longer the
// guessing lasts, the longer the wait. An account has more room than any one
// address, so that guesses from one place leave its owner room from another; a
// browser in which its owner has signed in before counts apart from both, so
// that guesses from many places do not lock him out.
func perAccountAndAddress() []limit {
	return []limit{{5, 5 * time.Minute}, {10, time.Hour}, {30, 24 * time.Hour}}
}
func perAccount() []limit {
	return []limit{{10, 5 * time.Minute}, {40, time.Hour}, {120, 24 * time.Hour}}
}
func perDevice() []limit {
	return []limit{{10, 5 * time.Minute}, {30, time.Hour}, {100, 24 * time.Hour}}
}
func perAddress() []limit {
	return []limit{{10, 5 * time.Minute}, {60, time.Hour}, {300, 24 * time.Hour}}
}

// mostRecent is how many instants a bucket keeps, at least the greatest n above.
const mostRecent = 300

// guessBuckets are what one guess at an account counts against. what tells
// passwords from second factors, known that the account's owner has used this
// browser before.
func (s *Service) guessBuckets(what, account string, v Visit, known bool) []bucket {
	if known {
		return []bucket{{s.bucketID(what, "device", account, v.Device), perDevice()}}
	}
	return []bucket{
		{s.bucketID(what, "pair", account, place(v.IP)), perAccountAndAddress()},
		{s.bucketID(what, "account", account), perAccount()},
		{s.bucketID(what, "address", place(v.IP)), perAddress()},
	}
}

func (s *Service) bucketID(parts ...string) string {
	return s.keys.Hash("throttle", strings.Join(parts, "\x00"))
}

// place is what counts as one address: an IPv6 subscriber has a whole /64.
func place(a netip.Addr) string {
	if a = a.Unmap(); a.Is6() {
		p, _ := a.WithZone("").Prefix(64)
		return p.String()
	}
	return a.String()
}

// take counts one try against all buckets, or against none and fails with
// KindThrottled. The try is counted before it is evaluated, so that a hundred
// at once do not all pass; refund takes it back when it was right.
func (s *Service) take(ctx context.Context, buckets []bucket) (at db.Time, err error) {
	slices.SortFunc(buckets, func(a, b bucket) int { return strings.Compare(a.id, b.id) }) // one order of locks
	// A flood is refused by a read, which blocks nobody. All buckets are looked at,
	// so that the time it takes does not tell which one is full.
	var wait time.Duration
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		for _, b := range buckets {
			recent, err := selectRecent(ctx, r, b.id)
			if err != nil {
				return err
			}
			wait = max(wait, b.wait(recent, s.now()))
		}
		return nil
	})
	if err == nil && wait > 0 {
		err = errs.Throttled(wait)
	}
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		at = tx.Now()
		for _, b := range buckets {
			recent, err := lockRecent(ctx, tx, b.id)
			if err != nil {
				return err
			}
			if wait := b.wait(recent, at); wait > 0 {
				return errs.Throttled(wait)
			}
			recent = append(recent, at)
			if err := updateRecent(ctx, tx, b.id, recent[max(0, len(recent)-mostRecent):]); err != nil {
				return err
			}
		}
		return nil
	})
	return at, err
}

// refund takes back the try that take counted at an instant.
func refund(ctx context.Context, tx db.Tx, buckets []bucket, at db.Time) error {
	for _, b := range buckets {
		recent, err := lockRecent(ctx, tx, b.id)
		if err != nil {
			return err
		}
		if i := slices.Index(recent, at); i >= 0 {
			recent = slices.Delete(recent, i, i+1)
		}
		if err := updateRecent(ctx, tx, b.id, recent); err != nil {
			return err
		}
	}
	return nil
}

// wait tells how long the bucket is full.
func (b bucket) wait(recent []db.Time, now db.Time) time.Duration {
	var longest time.Duration
	for _, l := range b.limits {
		if len(recent) < l.n {
			continue
		}
		free := recent[len(recent)-l.n].Add(l.within)
		longest = max(longest, free.Sub(now))
	}
	return longest
}

func writeRecent(recent []db.Time) string {
	words := make([]string, len(recent))
	for i, t := range recent {
		words[i] = strconv.FormatInt(int64(t), 36)
	}
	return strings.Join(words, " ")
}

func readRecent(s string) []db.Time {
	var out []db.Time
	for _, w := range strings.Fields(s) {
		if n, err := strconv.ParseInt(w, 36, 64); err == nil {
			out = append(out, db.Time(n))
		}
	}
	return out
}
