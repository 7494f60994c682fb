package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"unisson/internal/platform/errs"
)

func refusedForms(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '"' {
			if line, err = strconv.Unquote(line); err != nil {
				t.Fatal(err)
			}
		}
		list = append(list, line)
	}
	return list
}

// T-N01, at the form and at the client. A client that let a form through would
// ask for its name: the resolver counts.
func TestNoFormOfAForbiddenAddressIsCalled(t *testing.T) {
	asked := make(chan string, 1000)
	c := New(Config{Resolver: &net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		asked <- address
		return nil, errors.New("no names here")
	}}})
	forms := refusedForms(t)
	for _, form := range forms {
		err := CheckURL(form)
		if !errors.Is(err, ErrRefused) || !errs.Is(err, errs.KindInvalid) || len(errs.FieldsOf(err)) != 1 {
			t.Errorf("form %q: %v", form, err)
		}
		if _, err := c.Get(t.Context(), form); !errors.Is(err, ErrRefused) {
			t.Errorf("client, text %q: %v", form, err)
		}
		u, err := url.Parse(form)
		if err != nil || u.Host == "example.com" && u.User == nil {
			continue // only its notation is refused
		}
		req := (&http.Request{Method: "GET", URL: u}).WithContext(t.Context())
		if _, err := c.HTTP().Do(req); err == nil {
			t.Errorf("client, parsed %q: was called", form)
		}
	}
	if len(asked) > 0 {
		t.Errorf("%d names were looked up", len(asked))
	}
	if len(forms) < 120 {
		t.Errorf("%d forms, 120 wanted", len(forms))
	}
	t.Logf("%d of %d refused", len(forms), len(forms))
}

func TestPublicAddressesAreAccepted(t *testing.T) {
	for _, form := range []string{
		"https://example.com", "https://example.com/hook?key=a%20b#top", "http://example.com:80/", "https://example.com:443/",
		"HTTPS://EXAMPLE.COM/", "https://hooks.example.co.uk/é", "https://xn--socit-esab.fr/", "https://a-b.c1.example.com/",
		"https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]:443/x", "https://3com.com/", "https://r3---x.example.com/",
	} {
		if err := CheckURL(form); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestEachRefusalNamesItsReason(t *testing.T) {
	for form, code := range map[string]string{
		"https://example.com/" + strings.Repeat("a", maxURL): "too_long",
		"ftp://example.com/":        "scheme",
		"https://me@example.com/":   "userinfo",
		"https://example.com:8443/": "port",
		"https://société.fr/":       "host",
		"https://10.0.0.1/":         "address",
		"https://":                  "form",
	} {
		fields := errs.FieldsOf(CheckURL(form))
		if len(fields) != 1 || fields[0].Name != "url" || fields[0].Code != "outbound.errors."+code {
			t.Errorf("%.40s: %v", form, fields)
		}
	}
}

func TestAllowedRangesAndPortsAreNamed(t *testing.T) {
	c := New(Config{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}, Ports: []uint16{8443}})
	for form, allowed := range map[string]bool{
		"https://10.1.2.3:8443/": true, "https://sso.internal:8443/": true, "https://sso/": true, "http://[fd00:1::5]/": true,
		"https://10.2.0.1/": false, "https://127.0.0.1:8443/": false,
		"https://10.1.2.3:9000/": true, "http://[fd00:1::5]:9000/": true, "https://sso.internal:9000/": true, "https://hooks.example.com:9000/": true, // the dial judges names
		"https://10.2.0.1:9000/": false, "https://8.8.8.8:9000/": false, "https://8.8.8.8:8443/": true, "https://[2606:4700:4700::1111]:9000/": false,
		"https://10.1.2.3:0/": false, "https://10.1.2.3:070000/": false, "https://10.1.2.3:65536/": false, "http://[::ffff:10.1.2.3]:9000/": false, "http://[::ffff:10.1.2.3]/": false,
		"http://[fd00:2::5]/": false, "https://0x0a010203/": false, "https://me@sso/": false,
	} {
		if err := c.CheckURL(form); (err == nil) != allowed {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, form := range refusedForms(f) {
		f.Add(form)
	}
	f.Add("https://example.com:443/a?b#c")
	f.Fuzz(func(t *testing.T, raw string) {
		if CheckURL(raw) != nil {
			return
		}
		u, err := url.Parse(raw)
		if err != nil || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
			t.Fatalf("%q was accepted", raw)
		}
		if p := u.Port(); p != "" && p != "80" && p != "443" {
			t.Fatalf("%q was accepted with port %s", raw, p)
		}
		host := u.Hostname()
		if ip, err := netip.ParseAddr(host); err == nil {
			if ip = ip.Unmap(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
				t.Fatalf("%q was accepted", raw)
			}
			return
		}
		last := host[strings.LastIndexByte(host, '.')+1:]
		if !strings.Contains(host, ".") || last == "" || last[0] < 'A' {
			t.Fatalf("%q was accepted: its name may be read as a number or a neighbour", raw)
		}
	})
}
