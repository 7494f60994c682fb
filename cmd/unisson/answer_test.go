package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/config"
)

// answering serves h until stop, which gives what answer returns.
func answering(t *testing.T, h http.HandlerFunc, l *slog.Logger, patience time.Duration) (addr string, stop func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- answer(ctx, ln, &config.Config{}, h, l, patience) }()
	t.Cleanup(cancel)
	return ln.Addr().String(), func() error { cancel(); return <-ended }
}

// A client that stalls neither holds the stop nor makes a failure of it.
func TestAStalledClientIsCutOffInPlainWords(t *testing.T) {
	var said bytes.Buffer
	reading, read := make(chan bool), make(chan error, 1)
	addr, stop := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		close(reading)
		_, err := io.ReadAll(r.Body)
		read <- err
	}, slog.New(slog.NewTextHandler(&said, nil)), 10*time.Millisecond)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nabc")
	<-reading
	if err := stop(); err != nil {
		t.Errorf("the stop fails: %v", err)
	}
	if err := <-read; err == nil {
		t.Error("the body was read to its end")
	}
	if text := said.String(); !strings.Contains(text, "not finished within 10ms") || strings.Contains(text, "deadline exceeded") {
		t.Errorf("it says %s", text)
	}
}

// What net/http can leave to the handler it leaves: its own answers carry no header of ours.
func TestAQuestionAboutTheWholeServerReachesTheEdge(t *testing.T) {
	addr, stop := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Ours", "1") }, slog.New(slog.DiscardHandler), time.Minute)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || res.Header.Get("X-Ours") != "1" {
		t.Errorf("%+v %v", res, err)
	}
	_ = c.Close()
	if err := stop(); err != nil {
		t.Error(err)
	}
}
