package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	defaultTimeout  = 10 * time.Second
	defaultMaxBytes = 5 << 20
	maxHeaderBytes  = 64 << 10
	maxRedirects    = 3
	userAgent       = "Unisson"
)

// ErrTooLarge reports an answer longer than Config.MaxBytes.
var ErrTooLarge = errors.New("outbound: the answer is too large")

// Config says what a client may do. The zero value is right in production,
// unless the house has services of its own to reach.
type Config struct {
	Allow    []netip.Prefix // address ranges to reach although they are not public, on every port; in tests loopback
	Ports    []uint16       // ports of public addresses besides 80 and 443
	Timeout  time.Duration  // of the whole exchange; 0: 10 s
	MaxBytes int64          // of a decompressed body; 0: 5 MB
	Resolver *net.Resolver  // nil: the system's
	Roots    *x509.CertPool // nil: the system's
}

// Client calls other machines. Safe for concurrent use; make one and keep it.
type Client struct {
	rules    rules
	http     *http.Client
	maxBytes int64
}

// New makes a client.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = defaultMaxBytes
	}
	c := &Client{rules: rules{allow: cfg.Allow, ports: cfg.Ports}, maxBytes: cfg.MaxBytes}
	guard, inside := guardian(c.rules), guardian(c.rules, ssrf.WithAnyPort())
	dialer := &net.Dialer{
		Timeout:  cfg.Timeout,
		Resolver: cfg.Resolver,
		Control: func(network, address string, raw syscall.RawConn) error {
			judge := guard
			if to, err := netip.ParseAddrPort(address); err == nil && c.rules.inside(to.Addr()) {
				judge = inside
			}
			if err := judge.Safe(network, address, raw); err != nil {
				return fmt.Errorf("%w: %w", ErrRefused, err)
			}
			return nil
		},
	}
	c.http = &http.Client{
		Timeout:       cfg.Timeout,
		CheckRedirect: c.checkRedirect,
		Transport: &guarded{client: c, next: &http.Transport{
			Proxy:                  nil, // a proxy would dial in our place, unguarded
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
			TLSHandshakeTimeout:    cfg.Timeout,
			ResponseHeaderTimeout:  cfg.Timeout,
			MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConns:           16,
			MaxConnsPerHost:        16,
			IdleConnTimeout:        30 * time.Second,
		}},
	}
	return c
}

// guardian judges dialled addresses. Beyond the special ranges it refuses the
// one public address that a large host uses for its machines' metadata.
func guardian(r rules, more ...ssrf.Option) *ssrf.Guardian {
	var v4, v6 []netip.Prefix
	for _, p := range r.allow {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(append([]ssrf.Option{
		ssrf.WithPorts(append([]uint16{80, 443}, r.ports...)...),
		ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...),
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")),
	}, more...)...)
}

// CheckURL is the package's CheckURL with this client's Allow and Ports.
func (c *Client) CheckURL(raw string) error {
	_, err := c.rules.parse(raw)
	return err
}

// Response is an answer read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	URL    string // the last one, after redirects
}

// Get reads an address.
func (c *Client) Get(ctx context.Context, address string) (*Response, error) {
	u, err := c.rules.parse(address)
	if err != nil {
		return nil, err
	}
	return c.Do((&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}).WithContext(ctx))
}

// Do sends a request and reads the whole answer, of any status. The error, if
// any, names the host but not the rest of the address.
func (c *Client) Do(req *http.Request) (*Response, error) {
	host := ""
	if req.URL != nil {
		host = req.URL.Hostname()
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, hideURL(host, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, hideURL(host, err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: resp.Request.URL.String()}, nil
}

// HTTP gives a standard client under the same guard, for libraries that ask
// for one. The caller must not change it.
func (c *Client) HTTP() *http.Client { return c.http }

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func hideURL(host string, err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	return fmt.Errorf("outbound: %s: %w", host, err)
}

// publicHeaders may follow a redirect to another host. Any other header may
// carry a secret or a signature made for the first host.
const publicHeaders = " Accept Accept-Language User-Agent "

func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	if m := via[0].Method; m != http.MethodGet && m != http.MethodHead {
		return http.ErrUseLastResponse
	}
	last := via[len(via)-1]
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", ErrRefused, maxRedirects)
	}
	if last.URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fmt.Errorf("%w: from https to %s", ErrRefused, req.URL.Scheme)
	}
	if req.URL.Host != last.URL.Host {
		for name := range req.Header {
			if !containsWord(publicHeaders, name) {
				req.Header.Del(name)
			}
		}
	}
	return nil // the address itself is checked before it is dialled
}
