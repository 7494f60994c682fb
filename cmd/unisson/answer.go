package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"unisson/internal/platform/config"
)

// grace is how long running requests and jobs may take after the signal: both
// together stay below twenty seconds.
const grace = 9 * time.Second

// answer serves requests until ctx ends, then lets those under way finish for
// as long as patience says. Who takes longer is cut off: somebody who sends
// nothing more is no failure of a stop that was asked for.
func answer(ctx context.Context, ln net.Listener, c *config.Config, h http.Handler, l *slog.Logger, patience time.Duration) error {
	s := &http.Server{Handler: h, DisableGeneralOptionsHandler: true, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(l.Handler(), slog.LevelDebug)}
	if c.TLS() {
		k := &certificate{cert: c.TLSCert, key: c.TLSKey}
		if _, err := k.load(nil); err != nil {
			return err
		}
		ln = tls.NewListener(ln, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.load, NextProtos: []string{"h2", "http/1.1"}})
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	l.Info("stopping: requests under way are finished first")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := s.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		l.Warn(fmt.Sprintf("stopping: some requests were not finished within %s and are cut off; what they asked for is done as a whole or not at all", patience))
		return s.Close()
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// certificate reads the files again when they change, so that a renewed
// certificate needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	at     time.Time // modification time of what is loaded
}

func (k *certificate) load(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	st, err := os.Stat(k.cert)
	if err == nil && (k.loaded == nil || !st.ModTime().Equal(k.at)) {
		var c tls.Certificate
		if c, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.loaded, k.at = &c, st.ModTime()
		}
	}
	if k.loaded == nil {
		return nil, errors.Join(errors.New("--tls-cert and --tls-key cannot be used"), err)
	}
	return k.loaded, nil // a half-written new one does not end the service
}
