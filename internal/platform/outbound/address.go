package outbound

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"unisson/internal/platform/errs"
)

const maxURL = 2048

// ErrRefused is in the chain of every error about a place that must not be
// called: by CheckURL, at the dial, at a redirect.
var ErrRefused = errors.New("outbound: this address is refused")

// CheckURL tells whether the product may call an address, without resolving
// its name. What it refuses is an errs.Invalid error with the field "url", a
// message for people, and ErrRefused in its chain.
func CheckURL(raw string) error {
	_, err := rules{}.parse(raw)
	return err
}

// rules is what an installation lets through beyond the public web.
type rules struct {
	allow []netip.Prefix
	ports []uint16
}

func refuse(code string) error {
	return &errs.Error{Kind: errs.KindInvalid, Fields: []errs.Field{{Name: "url", Code: code}}, Err: ErrRefused}
}

func (r rules) parse(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, refuse("outbound.errors.too_long")
	}
	if strings.ContainsFunc(raw, func(c rune) bool { return c <= ' ' || c == 0x7f || c == '\\' }) {
		return nil, refuse("outbound.errors.form")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, refuse("outbound.errors.form")
	}
	return u, r.check(u)
}

func (r rules) check(u *url.URL) error {
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse("outbound.errors.scheme")
	case u.Opaque != "" || u.Host == "":
		return refuse("outbound.errors.form")
	case u.User != nil:
		return refuse("outbound.errors.userinfo")
	case !r.portAllowed(u):
		return refuse("outbound.errors.port")
	}
	return r.checkHost(u)
}

// portAllowed judges a port before the name is resolved: one of a name may turn
// out to belong to a network that was allowed, which the dial decides.
func (r rules) portAllowed(u *url.URL) bool {
	text := u.Port()
	if text == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || text[0] == '0' {
		return false
	}
	if port == 80 || port == 443 || slices.Contains(r.ports, uint16(port)) {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && r.inside(ip) || err != nil && len(r.allow) > 0
}

// inside tells whether an address was allowed by name, with all its ports.
func (r rules) inside(ip netip.Addr) bool {
	return slices.ContainsFunc(r.allow, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func (r rules) checkHost(u *url.URL) error {
	host := u.Hostname()
	if strings.HasPrefix(u.Host, "[") || strings.Contains(host, ":") {
		ip, err := netip.ParseAddr(host)
		if err != nil || !ip.Is6() || ip.Zone() != "" {
			return refuse("outbound.errors.form")
		}
		return r.checkIP(ip)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return r.checkIP(ip)
	}
	return r.checkName(strings.ToLower(host))
}

func (r rules) checkIP(ip netip.Addr) error {
	if guardian(r).SafeAddr(ip) != nil {
		return refuse("outbound.errors.address")
	}
	return nil
}

// insideNames are top-level names that never lead to the public web.
const insideNames = " localhost local localdomain internal intranet lan home corp private arpa test example invalid onion alt "

// checkName judges a lower-case host name. Names that some resolver could read
// as a number are refused, since the guard would see another address than the
// person who typed it.
func (r rules) checkName(host string) error {
	if len(host) > 253 || strings.ContainsFunc(host, func(c rune) bool { return c > 0x7f }) {
		return refuse("outbound.errors.host")
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if !validLabel(label) {
			return refuse("outbound.errors.host")
		}
	}
	last := labels[len(labels)-1]
	if last[0] >= '0' && last[0] <= '9' {
		return refuse("outbound.errors.address")
	}
	inside := len(labels) == 1 || strings.Contains(insideNames, " "+last+" ")
	if inside && len(r.allow) == 0 {
		return refuse("outbound.errors.address")
	}
	return nil
}

func validLabel(label string) bool {
	if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range label {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	if strings.HasPrefix(label, "xn--") {
		back, err := idna.Lookup.ToASCII(label)
		return err == nil && back == label
	}
	return true
}
