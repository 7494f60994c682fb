package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// load is what one page is asked for: by a number of clients at once, each on a connection of its own, one request
// after the other, for a while. It asks only loopback and stops by itself.
type load struct {
	url     string
	cookie  string
	clients int
	lasts   time.Duration
}

// figures are what came of it.
type figures struct {
	requests, failed int
	perSecond        float64
	p50, p99         time.Duration
	bytes            int // of one answer, as sent
}

const mostRequests = 1_000_000 // of one client: a run is bounded in count as in time

func (l load) run() (figures, error) {
	u, err := url.Parse(l.url)
	if err != nil {
		return figures{}, err
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return figures{}, fmt.Errorf("%s is not on this machine: the load generator asks only loopback", l.url)
	}
	results := make([]clientResult, l.clients)
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range results {
		wg.Go(func() { results[i] = l.client(begin.Add(l.lasts)) })
	}
	wg.Wait()
	took := time.Since(begin)
	var f figures
	var all []time.Duration
	for _, r := range results {
		if r.err != nil {
			err = r.err
		}
		all = append(all, r.times...)
		f.failed += r.failed
		f.bytes = max(f.bytes, r.bytes)
	}
	if len(all) == 0 {
		return f, fmt.Errorf("%s never answered: %w", l.url, err)
	}
	slices.Sort(all)
	f.requests = len(all)
	f.perSecond = float64(len(all)) / took.Seconds()
	f.p50, f.p99 = quantile(all, 0.50), quantile(all, 0.99)
	return f, nil
}

type clientResult struct {
	times         []time.Duration
	failed, bytes int
	err           error
}

// client counts as failed what is not 200: a redirect to the sign-in page is no directory.
func (l load) client(until time.Time) (r clientResult) {
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: transport, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range mostRequests {
		begin := time.Now()
		if begin.After(until) {
			return r
		}
		req, err := http.NewRequest(http.MethodGet, l.url, nil)
		if err != nil {
			r.err = err
			return r
		}
		req.Header.Set("Accept-Encoding", "gzip")
		req.Header.Set("Accept-Language", "fr")
		if l.cookie != "" {
			req.Header.Set("Cookie", l.cookie)
		}
		res, err := c.Do(req)
		if err != nil {
			r.err, r.failed = err, r.failed+1
			continue
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			r.failed++
			r.err = fmt.Errorf("status %d, %w", res.StatusCode, err)
			continue
		}
		r.bytes = int(n)
		r.times = append(r.times, time.Since(begin))
	}
	return r
}

// quantile of sorted durations, the nearest rank.
func quantile(sorted []time.Duration, q float64) time.Duration {
	i := int(q * float64(len(sorted)))
	return sorted[min(i, len(sorted)-1)]
}
