package outbound

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// guarded checks each request, redirects included, and cuts each answer.
type guarded struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip keeps the contract of http.RoundTripper: it never changes req.
func (g *guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	err := g.client.rules.check(req.URL)
	if err == nil && req.Host != "" && req.Host != req.URL.Host {
		err = fmt.Errorf("%w: the host asked for is not the one dialled", ErrRefused)
	}
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	if _, set := req.Header["User-Agent"]; !set {
		req = req.Clone(req.Context())
		req.Header.Set("User-Agent", userAgent)
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close()
		return nil, fmt.Errorf("%w: the other side changes the protocol", ErrRefused)
	}
	resp.Body = &capped{body: resp.Body, left: g.client.maxBytes}
	return resp, nil
}

// CloseIdleConnections lets http.Client reach the connections.
func (g *guarded) CloseIdleConnections() {
	if t, ok := g.next.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// capped fails with ErrTooLarge at the first byte too many. It sits above the
// transport's decompression: a small answer that unpacks to a huge one is cut
// like any other.
type capped struct {
	body io.ReadCloser
	left int64
}

// Read reads at most one byte beyond the limit.
func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.body.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

// Close closes the body; an unread rest is not waited for.
func (c *capped) Close() error { return c.body.Close() }

func containsWord(list, word string) bool { return strings.Contains(list, " "+word+" ") }
