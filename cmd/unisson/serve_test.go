package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/soak"
)

func TestDemoServesACompanyOnLoopbackAndKeepsIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	p := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir)
	if len(p.said) != 1 || !strings.HasPrefix(p.said[0], "Unisson demo is ready on http://localhost:") {
		t.Errorf("it says %q", p.said)
	}
	code, page := get(t, browser(t), p.url+"/sign-in")
	if code != http.StatusOK || !strings.Contains(page, "persona") {
		t.Errorf("the sign-in page: %d, with personas: %v", code, strings.Contains(page, "persona"))
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.err)
	}
	refuses(t, exitFailed, "--allow-demo", "serve", "--data", dir, "--addr", "127.0.0.1:0")
	again := start(t, "serve", "--allow-demo", "--data", dir, "--addr", "127.0.0.1:0")
	if _, page := get(t, browser(t), again.url+"/sign-in"); strings.Contains(page, "persona") {
		t.Error("serve offers the personas of the demonstration")
	}
	again.stop()
	if p = start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir); p.stop() != exitOK {
		t.Errorf("the second start of the demonstration:\n%s", p.err)
	}
	out := does(t, "doctor", "--data", dir)
	if !strings.Contains(out, "seed 1, 60 people") || strings.Contains(out, "FAILED") {
		t.Errorf("the doctor says:\n%s", out)
	}
}

func TestDemoDoesNotTouchARealCompany(t *testing.T) {
	dir := t.TempDir()
	does(t, "user", "add", "zoe@example.com", "--given", "Zoé", "--family", "Martin", "--role", "administrator", "--data", dir)
	refuses(t, exitFailed, "holds a real company", "demo", "--data", dir, "--addr", "127.0.0.1:0")
	if out := does(t, "doctor", "--data", dir); strings.Contains(out, "demonstration") {
		t.Errorf("the refused demonstration left its mark:\n%s", out)
	}
}

func TestServePrintsTheWayInWhenNobodyIsThere(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) { firstServe(t, database(t, e)) })
	}
}

func firstServe(t *testing.T, where []string) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	p := start(t, append([]string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0", "--log-format", "json"}, where...)...)
	link := ""
	for _, line := range p.said {
		if strings.Contains(line, "/setup?token=") {
			link = strings.TrimSpace(line)
		}
	}
	c := browser(t)
	if code, _ := get(t, c, link); code != http.StatusOK || !strings.HasPrefix(link, p.url) {
		t.Errorf("the link %q gives %d", link, code)
	}
	if code, _ := get(t, c, p.url+"/setup?token=x"); code != http.StatusNotFound {
		t.Errorf("a wrong token gives %d", code)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 404} {
		if code, _ := get(t, c, p.url+path); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.err)
	}
	for line := range strings.Lines(p.err.String()) {
		if !strings.HasPrefix(line, `{"time":`) {
			t.Errorf("a log line that is no JSON: %s", line)
		}
	}
	st, err := os.Stat(filepath.Join(dir, "unisson.key"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v %v", st, err)
	}
}

func TestMetricsAreOnTheirOwnAddressOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	p := start(t, "demo", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics-addr", addr)
	for _, path := range []string{"/sign-in", "/api/v1/people", "/api/v1/invented/7", "/assets/invented.css", "/invented/7"} {
		get(t, browser(t), p.url+path)
	}
	_, text := get(t, browser(t), "http://"+addr+"/metrics")
	for _, want := range []string{`unisson_http_request_seconds_count{route="GET /sign-in",status="200"} 1`, `unisson_jobs{state="dead"} 0`,
		`route="GET /api/v1/people",status="401"} 1`, `route="GET /api/v1/",status="401"} 1`, `route="GET /assets/",status="404"} 1`, `route="GET /",status="404"} 1`,
		`unisson_db_connections{pool="read"}`, "unisson_build_info"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.err)
	}
}

func TestServeRefusesWhatIsNotSafe(t *testing.T) {
	for says, args := range map[string][]string{
		"--insecure-http":  {"--addr", ":0"},
		"go together":      {"--tls-cert", "x"},
		"scheme and host":  {"--public-url", "https://example.com/x"},
		"anyone's":         {"--trusted-proxies", "0.0.0.0/0"},
		"unknown flag":     {"--no-such-flag"},
		"--log-level":      {"--log-level", "loud"},
		"must look like p": {"--database-url", "mysql://x"},
	} {
		refuses(t, exitUsage, says, append([]string{"serve", "--data", t.TempDir()}, args...)...)
	}
	refuses(t, exitUsage, "from 20 to 5,000", "demo", "--people", "5")
	refuses(t, exitUsage, "unexpected argument", "explode")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	refuses(t, exitFailed, "Choose another port", "serve", "--data", t.TempDir(), "--addr", l.Addr().String())
}

// T-J04: requests under way at SIGTERM are answered, new ones are not taken.
func TestSoakRequestsUnderWaySurviveTheSignal(t *testing.T) {
	run := soak.Start(t, "T-J04")
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
	addr := strings.Replace(strings.TrimPrefix(p.url, "http://"), "localhost", "127.0.0.1", 1)
	n := run.Size(20, 200)
	conns := make([]*slowRequest, n)
	for i := range conns {
		conns[i] = slowPost(t, addr)
	}
	p.signal()
	waitUntilClosed(t, addr)
	failed := 0
	for i, c := range conns {
		if code, err := c.finish(); err != nil || code >= 500 {
			failed++
			t.Errorf("request %d: status %d, %v", i, code, err)
		}
	}
	if code := p.wait(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.err)
	}
	run.Done("", failed, n)
}

func TestTheSecondSignalEndsAtOnce(t *testing.T) {
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
	addr := strings.Replace(strings.TrimPrefix(p.url, "http://"), "localhost", "127.0.0.1", 1)
	slowPost(t, addr) // never finished: the graceful stop waits for it
	p.signal()
	waitUntilClosed(t, addr)
	p.signal()
	p.wait()
	if st, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !st.Signaled() || st.Signal() != syscall.SIGTERM {
		t.Errorf("it ended as %v, not by the second signal", p.cmd.ProcessState)
	}
}

// slowRequest is a form of which the last byte is not sent yet, in a handler
// that waits for it.
type slowRequest struct {
	c net.Conn
	r *bufio.Reader
}

func slowPost(t *testing.T, addr string) *slowRequest {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	s := &slowRequest{c: c, r: bufio.NewReader(c)}
	fmt.Fprintf(c, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: 7\r\nExpect: 100-continue\r\n\r\n", addr)
	// The server says so when the handler begins to read.
	if line, err := s.r.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	_, _ = s.r.ReadString('\n')
	fmt.Fprint(c, "email=")
	return s
}

func (s *slowRequest) finish() (int, error) {
	fmt.Fprint(s.c, "x")
	res, err := http.ReadResponse(s.r, nil)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// waitUntilClosed waits until the server takes no more connections.
func waitUntilClosed(t *testing.T, addr string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		_ = c.Close()
	}
	t.Fatal("the server still takes connections after the signal")
}

func TestARenewedCertificateIsServedWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := writeCertificate(t, cert, key, time.Now().Add(time.Hour))
	p := start(t, "serve", "--data", dir, "--addr", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
	u, err := url.Parse(p.url)
	if err != nil || u.Scheme != "https" {
		t.Fatalf("%s %v", p.url, err)
	}
	served := func() string {
		c, err := tls.Dial("tcp", "127.0.0.1:"+u.Port(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if v := c.ConnectionState().Version; v < tls.VersionTLS12 {
			t.Errorf("TLS version %x", v)
		}
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	if got := served(); got != first {
		t.Errorf("serial %s, want %s", got, first)
	}
	second := writeCertificate(t, cert, key, time.Now().Add(2*time.Hour))
	if err := os.Chtimes(cert, time.Now(), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := served(); got != second {
		t.Errorf("after the renewal serial %s, want %s", got, second)
	}
	if err := os.WriteFile(cert, []byte("half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := served(); got != second {
		t.Errorf("with a broken file serial %s, want %s", got, second)
	}
	p.stop()
	refuses(t, exitFailed, "--tls-cert and --tls-key cannot be used", "serve", "--data", dir, "--addr", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
}

func writeCertificate(t *testing.T, cert, key string, end time.Time) (serial string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1<<60))
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: n, NotAfter: end, DNSNames: []string{"localhost"}},
		&x509.Certificate{}, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return n.String()
}
