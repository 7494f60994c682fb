package metrics_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/metrics"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	return w.Body.String()
}

func TestRequestsAreCountedByPatternNeverByPath(t *testing.T) {
	m := metrics.New("1.0.0")
	m.Observe("GET /people/{id}", 200, 3*time.Millisecond)
	m.Observe("GET /people/{id}", 200, 3*time.Second)
	m.Observe("PATCH /api/v1/people/{id}", 200, time.Millisecond)
	m.Observe("GET /assets/", 200, time.Millisecond)
	for _, path := range []string{"GET /people/018f3c1a-zoe@example.com", "GET /x?email=zoe", "", "zoe"} {
		m.Observe(path, 404, time.Millisecond)
	}
	text := scrape(t, m)
	for _, want := range []string{
		`unisson_http_request_seconds_count{route="GET /people/{id}",status="200"} 2`,
		`unisson_http_request_seconds_bucket{route="GET /people/{id}",status="200",le="0.005"} 1`,
		`unisson_http_request_seconds_count{route="PATCH /api/v1/people/{id}",status="200"} 1`,
		`unisson_http_request_seconds_count{route="GET /assets/",status="200"} 1`,
		`unisson_http_request_seconds_count{route="other",status="404"} 4`,
		`unisson_build_info{release="1.0.0"} 1`,
		"go_goroutines ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, "zoe") {
		t.Error("a person shows in the metrics")
	}
}

func TestGaugesAreAskedAtEachReading(t *testing.T) {
	m := metrics.New("1")
	waiting, broken := 1.0, error(nil)
	read := func(context.Context) (float64, error) { return waiting, broken }
	if err := m.Gauge("unisson_jobs", "Jobs.", "ready", read); err != nil {
		t.Fatal(err)
	}
	if err := m.Gauge("unisson_others", "Others.", "Zoé's", read); err != nil {
		t.Fatal(err)
	}
	if err := m.Gauge("unisson_jobs", "Jobs.", "ready", read); err == nil {
		t.Error("the same gauge was taken twice")
	}
	m.Pools(func() (read, write sql.DBStats) {
		return sql.DBStats{OpenConnections: 4, InUse: 3, WaitDuration: time.Second}, sql.DBStats{OpenConnections: 1}
	})
	for _, want := range []string{`unisson_jobs{state="ready"} 1`, `unisson_others{state="other"} 1`, `unisson_db_connections{pool="read"} 4`, `unisson_db_connections{pool="write"} 1`,
		`unisson_db_connections_busy{pool="read"} 3`, `unisson_db_wait_seconds{pool="read"} 1`} {
		if !strings.Contains(scrape(t, m), want) {
			t.Errorf("no %s", want)
		}
	}
	waiting = 7
	if !strings.Contains(scrape(t, m), `unisson_jobs{state="ready"} 7`) {
		t.Error("the gauge shows an old number")
	}
	broken = errors.New("away")
	if text := scrape(t, m); strings.Contains(text, "unisson_jobs{") {
		t.Error("a gauge that cannot be read shows a number")
	}
}

func TestMetricsOffCountNothing(t *testing.T) {
	var m *metrics.Metrics
	m.Observe("GET /", 200, time.Second)
	m.Pools(func() (read, write sql.DBStats) { t.Error("asked"); return })
	if err := m.Gauge("x", "", "", nil); err != nil {
		t.Error(err)
	}
}

func TestMetricsAnswerOnTheirOwnListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- metrics.New("1").Serve(ctx, l) }()
	get := func(path string) (int, string) {
		res, err := http.Get("http://" + l.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	if code, text := get("/metrics"); code != 200 || !strings.Contains(text, "unisson_build_info") {
		t.Errorf("/metrics: %d", code)
	}
	if code, _ := get("/"); code != http.StatusNotFound {
		t.Errorf("/: %d, want 404", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := metrics.New("1").Serve(t.Context(), l); err == nil {
		t.Error("a closed listener was served")
	}
}
