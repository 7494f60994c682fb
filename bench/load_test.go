package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestLoadCountsWhatIsAnswered(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if r.Header.Get("Cookie") != "a=b" || n%10 == 0 {
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
			return
		}
		_, _ = w.Write(make([]byte, 2048))
	}))
	defer server.Close()
	f, err := load{url: server.URL, cookie: "a=b", clients: 3, lasts: 200 * time.Millisecond}.run()
	if err != nil {
		t.Fatal(err)
	}
	if f.requests == 0 || f.failed == 0 || int64(f.requests+f.failed) != asked.Load() || f.bytes != 2048 || f.p50 > f.p99 || f.perSecond <= 0 {
		t.Errorf("%+v of %d asked", f, asked.Load())
	}
}

func TestLoadAsksOnlyThisMachine(t *testing.T) {
	for _, address := range []string{"http://192.0.2.1/", "http://example.org/", "http://[2001:db8::1]/"} {
		if _, err := (load{url: address, clients: 1, lasts: time.Millisecond}).run(); err == nil {
			t.Errorf("%s was asked", address)
		}
	}
}

func TestQuantileIsTheNearestRank(t *testing.T) {
	times := make([]time.Duration, 100)
	for i := range times {
		times[i] = time.Duration(i + 1)
	}
	if a, b, c := quantile(times, 0.5), quantile(times, 0.99), quantile(times[:1], 0.99); a != 51 || b != 100 || c != 1 {
		t.Errorf("got %d %d %d", a, b, c)
	}
}
