package metrics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics holds the counters of one process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// New makes the counters; release is the version that the program shows.
func New(release string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "unisson_http_request_seconds",
			Help:    "How long requests took, by route and status.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "status"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "unisson_build_info", Help: "Always 1; the label says which release runs."}, []string{"release"})
	build.WithLabelValues(release).Set(1)
	m.registry.MustRegister(m.requests, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// pattern is what the router calls a route: a method, and a path whose ids are
// in braces.
var pattern = regexp.MustCompile(`^[A-Z]+ /(api/v[0-9]+/)?[a-z/._\-{}$A-Z]*$`)

// Observe counts one request. It fits web.Config.Observe.
func (m *Metrics) Observe(route string, status int, d time.Duration) {
	if m == nil {
		return
	}
	if !pattern.MatchString(route) {
		route = "other"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(d.Seconds())
}

// Pools shows how busy the database's pools are. It fits (*db.DB).Stats.
func (m *Metrics) Pools(stats func() (read, write sql.DBStats)) {
	if m == nil {
		return
	}
	gauge := func(metric, help string, value func(sql.DBStats) float64) {
		for i, name := range []string{"read", "write"} {
			m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: metric, Help: help, ConstLabels: prometheus.Labels{"pool": name}},
				func() float64 {
					read, write := stats()
					return value([]sql.DBStats{read, write}[i])
				}))
		}
	}
	gauge("unisson_db_connections", "Open connections.", func(s sql.DBStats) float64 { return float64(s.OpenConnections) })
	gauge("unisson_db_connections_busy", "Connections in use.", func(s sql.DBStats) float64 { return float64(s.InUse) })
	gauge("unisson_db_wait_seconds", "Time that callers waited for a connection, in all.", func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() })
}

// Gauge shows a number that is asked for at each reading, such as the jobs
// that wait; name is "unisson_…", state a word of the program or empty. read
// gets a context that ends with the reading's patience; a failure shows no
// number rather than a wrong one.
func (m *Metrics) Gauge(name, help, state string, read func(context.Context) (float64, error)) error {
	if m == nil {
		return nil
	}
	var labels prometheus.Labels
	if state != "" {
		labels = prometheus.Labels{"state": word(state)}
	}
	err := m.registry.Register(&asked{desc: prometheus.NewDesc(name, help, nil, labels), read: read})
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

const patience = 2 * time.Second

type asked struct {
	desc *prometheus.Desc
	read func(context.Context) (float64, error)
}

func (a *asked) Describe(ch chan<- *prometheus.Desc) { ch <- a.desc }

func (a *asked) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if v, err := a.read(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, v)
	}
}

var words = regexp.MustCompile(`^[a-z][a-z_]{0,30}$`)

func word(s string) string {
	if !words.MatchString(s) {
		return "other"
	}
	return s
}

// Handler answers /metrics and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

// Serve answers on its own listener until ctx ends.
func (m *Metrics) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: m.Handler(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}
