package outbound

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// serve starts a server on one loopback address; 127.0.0.1 plays the public
// web, 127.0.0.2 the inside that nobody may reach.
func serve(t *testing.T, ip string, h http.HandlerFunc) (address string, port uint16) {
	t.Helper()
	l, err := net.Listen("tcp4", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String(), uint16(l.Addr().(*net.TCPAddr).Port)
}

// canary is a server of the inside; hits counts its visitors, by connection.
func canary(t *testing.T) (port uint16, hits *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	hits = &atomic.Int32{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return uint16(l.Addr().(*net.TCPAddr).Port), hits
}

func public() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }

// names is a name server on loopback: the n-th question about IPv4 gets answers[n], the last ones repeat.
func names(t *testing.T, answers ...[]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		asked := 0
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if m.Questions[0].Type == dnsmessage.TypeA {
				for _, ip := range answers[min(asked, len(answers)-1)] {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET},
						Body:   &dnsmessage.AResource{A: netip.MustParseAddr(ip).As4()},
					})
				}
				asked++
			}
			if reply, err := m.Pack(); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

// T-N02: what counts is the address dialled, not the one that was looked up.
func TestRebindingAndManyAnswersNeverReachTheInside(t *testing.T) {
	for name, answers := range map[string][][]string{
		"inside at once":          {{"127.0.0.2"}},
		"public first, then not":  {{"127.0.0.1"}, {"127.0.0.2"}},
		"both, inside first":      {{"127.0.0.2", "127.0.0.1"}},
		"both, public first":      {{"127.0.0.1", "127.0.0.2"}},
		"many":                    {{"10.0.0.1", "169.254.169.254", "192.168.0.1", "127.0.0.2", "127.0.0.2"}},
		"nothing, then inside":    {{}, {"127.0.0.2"}},
		"alternating many":        {{"127.0.0.2"}, {"127.0.0.1"}, {"127.0.0.2"}, {"127.0.0.1", "127.0.0.2"}},
		"this host, as 0.0.0.0":   {{"0.0.0.0"}},
		"public but closed, then": {{"127.0.0.1"}, {"127.0.0.2"}},
	} {
		t.Run(name, func(t *testing.T) {
			port, hits := canary(t)
			c := New(Config{Allow: public(), Ports: []uint16{port}, Timeout: 5 * time.Second, Resolver: names(t, answers...)})
			refused := 0
			for range 20 {
				_, err := c.Get(t.Context(), fmt.Sprintf("http://rebind.example.com:%d/", port))
				if err == nil {
					t.Error("something answered")
				}
				if errors.Is(err, ErrRefused) {
					refused++
				}
				c.Close()
			}
			if hits.Load() != 0 {
				t.Errorf("%d hits on the canary", hits.Load())
			}
			if refused == 0 && !strings.HasPrefix(name, "nothing") && !strings.HasPrefix(name, "both") {
				t.Error("nothing was refused")
			}
		})
	}
}

// A network that was allowed is reached on every port; what a name turns out to
// be is judged at the dial, and a port too many of a public address stays shut.
func TestEveryPortIsOpenInsideAnAllowedNetworkOnly(t *testing.T) {
	_, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "inside") })
	shut, hits := canary(t)
	c := New(Config{Allow: public(), Timeout: 5 * time.Second, Resolver: names(t, []string{"127.0.0.1"})})
	for _, host := range []string{"127.0.0.1", "erp.internal", "hooks.example.com"} {
		if res, err := c.Get(t.Context(), fmt.Sprintf("http://%s:%d/", host, port)); err != nil || string(res.Body) != "inside" {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := c.Get(t.Context(), fmt.Sprintf("http://127.0.0.2:%d/", shut)); !errors.Is(err, ErrRefused) {
		t.Errorf("a neighbour that was not allowed: %v", err)
	}
	for _, ip := range []string{"127.0.0.2", "8.8.8.8", "169.254.169.254", "168.63.129.16"} {
		c := New(Config{Allow: public(), Timeout: 5 * time.Second, Resolver: names(t, []string{ip})})
		if _, err := c.Get(t.Context(), fmt.Sprintf("http://rebind.example.com:%d/", shut)); !errors.Is(err, ErrRefused) {
			t.Errorf("a name of %s: %v", ip, err)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d hits on the canary", hits.Load())
	}
}

func TestAPublicAnswerAmongForbiddenOnesIsUsed(t *testing.T) {
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	c := New(Config{Allow: public(), Ports: []uint16{port}, Resolver: names(t, []string{"127.0.0.2", "127.0.0.1"})})
	name := strings.Replace(address, "127.0.0.1", "www.example.com", 1)
	resp, err := c.Get(t.Context(), name)
	if err != nil || !strings.HasPrefix(string(resp.Body), "www.example.com:") {
		t.Fatal(err, resp)
	}
}

// T-N03.
func TestRedirectsInwardOrToOtherSchemesAreRefused(t *testing.T) {
	insidePort, hits := canary(t)
	var target atomic.Value
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		if n, _ := strconv.Atoi(r.URL.Query().Get("n")); n > 0 {
			w.Header().Set("Location", fmt.Sprintf("/?n=%d", n-1))
		} else {
			w.Header().Set("Location", target.Load().(string))
		}
		w.WriteHeader(http.StatusFound)
	})
	c := New(Config{Allow: public(), Ports: []uint16{port, insidePort}})
	inside := []string{
		"http://127.0.0.2:%d/", "http://127.0.0.2:%d", "//127.0.0.2:%d/", "http://[::ffff:127.0.0.2]:%d/", "http://0x7f000002:%d/", "http://2130706434:%d/",
		"http://me@127.0.0.2:%d/", "http://0.0.0.0:%d/", "http://[::1]:%d/", "http://[::]:%d/", "http://169.254.169.254:%d/", "http://10.0.0.1:%d/",
		"file:///etc/passwd?%d", "gopher://127.0.0.2:%d/_x", "ftp://127.0.0.2:%d/", "javascript:%d", "http://127.0.0.2:%d\\@example.com/",
	}
	for _, form := range inside {
		for _, n := range []int{0, 2} {
			target.Store(fmt.Sprintf(form, insidePort))
			if resp, err := c.Get(t.Context(), fmt.Sprintf("%s/?n=%d", address, n)); err == nil {
				t.Errorf("%s after %d redirects: %d", form, n, resp.Status)
			}
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d hits on the canary", hits.Load())
	}
}

func TestThreeRedirectsAreFollowedAndNotFour(t *testing.T) {
	var served atomic.Int32
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		if n == 0 {
			io.WriteString(w, "there")
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/?n=%d", n-1), http.StatusFound)
	})
	c := New(Config{Allow: public(), Ports: []uint16{port}})
	if resp, err := c.Get(t.Context(), address+"/?n=3"); err != nil || string(resp.Body) != "there" || !strings.HasSuffix(resp.URL, "n=0") {
		t.Fatal(err, resp)
	}
	served.Store(0)
	if _, err := c.Get(t.Context(), address+"/?n=4"); !errors.Is(err, ErrRefused) || served.Load() != 4 {
		t.Errorf("%v after %d requests", err, served.Load())
	}
}

func TestARedirectToAnotherHostTakesNoSecretAlong(t *testing.T) {
	got := make(chan http.Header, 1)
	other, otherPort := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) { got <- r.Header.Clone() })
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other+"/x", http.StatusFound) })
	c := New(Config{Allow: public(), Ports: []uint16{port, otherPort}})
	req, _ := http.NewRequestWithContext(t.Context(), "GET", address+"/?secret=1", nil)
	for name, value := range map[string]string{"Authorization": "Bearer x", "X-Signature": "x", "Cookie": "a=x", "Accept": "text/plain"} {
		req.Header.Set(name, value)
	}
	if _, err := c.Do(req); err != nil {
		t.Fatal(err)
	}
	h := <-got
	for _, name := range []string{"Authorization", "X-Signature", "Cookie", "Referer"} {
		if h.Get(name) != "" {
			t.Errorf("%s went along: %q", name, h.Get(name))
		}
	}
	if h.Get("Accept") != "text/plain" || h.Get("User-Agent") != userAgent {
		t.Errorf("headers %v", h)
	}
}

func TestARedirectedPostIsGivenBack(t *testing.T) {
	insidePort, hits := canary(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", fmt.Sprintf("http://127.0.0.2:%d/", insidePort))
			w.WriteHeader(status)
		})
		c := New(Config{Allow: public(), Ports: []uint16{port, insidePort}})
		req, _ := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader("body"))
		resp, err := c.Do(req)
		if err != nil || resp.Status != status {
			t.Errorf("%d: %v %v", status, resp, err)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d hits on the canary", hits.Load())
	}
}

func TestRedirectFromHTTPSToHTTPIsRefused(t *testing.T) {
	var served atomic.Int32
	plain, plainPort := serve(t, "127.0.0.1", func(http.ResponseWriter, *http.Request) { served.Add(1) })
	s := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c := New(Config{Allow: public(), Ports: []uint16{plainPort, portOf(t, s.URL)}, Roots: roots})
	if _, err := c.Get(t.Context(), s.URL); !errors.Is(err, ErrRefused) || served.Load() != 0 {
		t.Errorf("%v, %d requests", err, served.Load())
	}
}

// T-N06, with short limits.
func TestHostileAnswersAreCut(t *testing.T) {
	const limit = 64 << 10
	stop := make(chan struct{})
	defer close(stop)
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	chunk := make([]byte, 1<<20)
	for range 16 {
		z.Write(chunk)
	}
	z.Close()
	var sent atomic.Int64
	wait := func(r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}
	hostile := map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for {
				n, err := w.Write(chunk)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		},
		"announced": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10000000000")
			w.Write(chunk)
			wait(r)
		},
		"bomb": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		},
		"trickle": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte("a"))
			w.(http.Flusher).Flush()
			wait(r)
		},
		"silent": func(w http.ResponseWriter, r *http.Request) { wait(r) },
		"headers": func(w http.ResponseWriter, r *http.Request) {
			for i := range 100_000 {
				w.Header().Set("X-"+strconv.Itoa(i), "a")
			}
		},
		"broken gzip": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("not gzip at all"))
		},
		"upgrade": func(w http.ResponseWriter, r *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			conn.Close()
		},
		"hints without end": func(w http.ResponseWriter, r *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			defer conn.Close()
			for {
				if _, err := io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"); err != nil {
					return
				}
			}
		},
		"no HTTP": func(w http.ResponseWriter, r *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			io.WriteString(conn, "SSH-2.0-server\r\n")
			conn.Close()
		},
	}
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		hostile[strings.ReplaceAll(strings.Trim(r.URL.Path, "/"), "+", " ")](w, r)
	})
	c := New(Config{Allow: public(), Ports: []uint16{port}, MaxBytes: limit})
	impatient := New(Config{Allow: public(), Ports: []uint16{port}, MaxBytes: limit, Timeout: 200 * time.Millisecond})
	slow := map[string]bool{"trickle": true, "silent": true}
	tooLarge := map[string]bool{"endless": true, "announced": true, "bomb": true}
	for name := range hostile {
		client := c
		if slow[name] {
			client = impatient
		}
		resp, err := client.Get(t.Context(), address+"/"+strings.ReplaceAll(name, " ", "+"))
		if err == nil {
			t.Errorf("%s: read %d bytes", name, len(resp.Body))
		}
		if errors.Is(err, ErrTooLarge) != tooLarge[name] {
			t.Errorf("%s: %v", name, err)
		}
		if slow[name] && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Close()
	if sent.Load() > 64<<20 {
		t.Errorf("%d bytes were taken from an endless answer", sent.Load())
	}
}

func TestABodyOfExactlyTheLimitIsRead(t *testing.T) {
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		z := gzip.NewWriter(w)
		w.Header().Set("Content-Encoding", "gzip")
		z.Write(make([]byte, n))
		z.Close()
	})
	c := New(Config{Allow: public(), Ports: []uint16{port}, MaxBytes: 1000})
	if resp, err := c.Get(t.Context(), address+"/?n=1000"); err != nil || len(resp.Body) != 1000 {
		t.Error(err)
	}
	if _, err := c.Get(t.Context(), address+"/?n=1001"); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestACertificateNobodyVouchesForIsRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	c := New(Config{Allow: public(), Ports: []uint16{portOf(t, s.URL)}})
	var unknown x509.UnknownAuthorityError
	if _, err := c.Get(t.Context(), s.URL); !errors.As(err, &unknown) {
		t.Error(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c = New(Config{Allow: public(), Ports: []uint16{portOf(t, s.URL)}, Roots: roots})
	if resp, err := c.Get(t.Context(), s.URL); err != nil || resp.Status != 404 {
		t.Error(err)
	}
}

func TestAForgedHostHeaderIsRefused(t *testing.T) {
	address, port := serve(t, "127.0.0.1", func(http.ResponseWriter, *http.Request) { t.Error("was called") })
	c := New(Config{Allow: public(), Ports: []uint16{port}})
	req, _ := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader("x"))
	req.Host = "admin.internal"
	if _, err := c.Do(req); !errors.Is(err, ErrRefused) {
		t.Error(err)
	}
}

// The standard proxy function reads the environment once a process, so that a
// test by effect would depend on its neighbours.
func TestTheEnvironmentNamesNoProxy(t *testing.T) {
	if New(Config{}).http.Transport.(*guarded).next.(*http.Transport).Proxy != nil {
		t.Error("a proxy would dial in our place")
	}
}

func TestTheLimitsOfTheCatalogueAreTheUsualOnes(t *testing.T) {
	if c := New(Config{}); c.http.Timeout != 10*time.Second || c.maxBytes != 5<<20 {
		t.Errorf("%v, %d bytes", c.http.Timeout, c.maxBytes)
	}
	if c := New(Config{Timeout: time.Second, MaxBytes: 7}); c.http.Timeout != time.Second || c.maxBytes != 7 {
		t.Errorf("%v, %d bytes", c.http.Timeout, c.maxBytes)
	}
}

func TestErrorsHideTheSecretPartOfAnAddress(t *testing.T) {
	c := New(Config{Resolver: names(t, []string{"10.0.0.1"})})
	_, err := c.Get(t.Context(), "https://hooks.example.com/T0PSECRET?token=T0PSECRET")
	if err == nil || strings.Contains(err.Error(), "T0PSECRET") || !strings.Contains(err.Error(), "hooks.example.com") {
		t.Error(err)
	}
}

func TestOneClientServesManyAtOnce(t *testing.T) {
	address, port := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
	c := New(Config{Allow: public(), Ports: []uint16{port}})
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			path := fmt.Sprintf("/%d", i)
			if resp, err := c.Get(t.Context(), address+path); err != nil || string(resp.Body) != path {
				t.Errorf("%s: %v", path, err)
			}
		})
	}
	wg.Wait()
}

func portOf(t *testing.T, address string) uint16 {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return uint16(port)
}
