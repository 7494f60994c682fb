package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Validate fills the defaults that depend on other values and checks the
// whole. The error joins one sentence for each thing that is wrong.
func (c *Config) Validate() error {
	return errors.Join(c.Store.Validate(), c.checkTLS(), c.checkAddr(), c.checkPublicURL(), c.checkNetworks(), c.checkMetrics(),
		c.Mail.check(), c.OIDC.check())
}

// Validate checks what every command needs, and fills in the folder.
func (s *Store) Validate() error {
	if s.DataDir == "" {
		s.DataDir = DefaultDataDir
	}
	if s.DatabaseURL == "" {
		return nil
	}
	u, err := url.Parse(s.DatabaseURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" {
		// The address may hold a password: it is not repeated here.
		return errors.New("--database-url must look like postgres://name:password@host:5432/database")
	}
	return nil
}

func (c *Config) checkTLS() error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together: one of them is missing")
	}
	return errors.Join(readable("--tls-cert", c.TLSCert), readable("--tls-key", c.TLSKey))
}

func (c *Config) checkAddr() error {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
		if c.TLS() || c.InsecureHTTP {
			c.Addr = ":8080"
		}
	}
	if err := hostPort("--addr", c.Addr); err != nil {
		return err
	}
	if !c.TLS() && !c.InsecureHTTP && !Loopback(c.Addr) {
		return fmt.Errorf("--addr %s would show plain HTTP to other machines, passwords included: give --tls-cert and --tls-key, "+
			"or listen on 127.0.0.1 behind a proxy that speaks HTTPS, or accept it with --insecure-http", c.Addr)
	}
	return nil
}

func (c *Config) checkPublicURL() error {
	c.parsed.public = c.derivedURL()
	if c.PublicURL == "" {
		if !Loopback(c.Addr) {
			return fmt.Errorf("--public-url is missing: with --addr %s other machines reach the product, and links need to know its address", c.Addr)
		}
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	switch {
	case err != nil:
		return fmt.Errorf("--public-url %q is no address: it must look like https://unisson.example.com", c.PublicURL)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("--public-url %q must begin with https:// (or http://)", c.PublicURL)
	case u.Hostname() == "":
		return fmt.Errorf("--public-url %q names no host", c.PublicURL)
	case u.User != nil, u.RawQuery != "", u.Fragment != "", strings.Trim(u.Path, "/") != "":
		return fmt.Errorf("--public-url %q must be scheme and host only, such as https://unisson.example.com", c.PublicURL)
	case u.Scheme == "http" && !c.InsecureHTTP && !loopbackHost(u.Hostname()):
		return fmt.Errorf("--public-url %q would send people to plain HTTP: use https://, or accept it with --insecure-http", c.PublicURL)
	case u.Scheme == "http" && c.TLS():
		return fmt.Errorf("--public-url %q does not fit --tls-cert: it must begin with https://", c.PublicURL)
	}
	c.parsed.public = &url.URL{Scheme: u.Scheme, Host: u.Host}
	return nil
}

// derivedURL is the address of the product as seen from this machine.
func (c *Config) derivedURL() *url.URL {
	u := &url.URL{Scheme: "http", Host: c.Addr}
	if c.TLS() {
		u.Scheme = "https"
	}
	if host, port, err := net.SplitHostPort(c.Addr); err == nil && (host == "" || loopbackHost(host)) {
		u.Host = net.JoinHostPort("localhost", port)
	}
	return u
}

// Listening takes note of the address that was really bound, which differs
// from Addr when the port was 0. It changes Public only where no --public-url
// was given.
func (c *Config) Listening(addr net.Addr) {
	if c.PublicURL != "" {
		return
	}
	_, port, err := net.SplitHostPort(addr.String())
	host, _, err2 := net.SplitHostPort(c.Addr)
	if err != nil || err2 != nil {
		return
	}
	c.Addr = net.JoinHostPort(host, port)
	c.parsed.public = c.derivedURL()
}

func (c *Config) checkNetworks() error {
	var err, err2 error
	c.parsed.proxies, err = networks("--trusted-proxies", c.TrustedProxies, "would believe anyone's X-Forwarded-For: name the proxies' own network")
	c.parsed.outbound, err2 = networks("--outbound-allow", c.OutboundAllow, "would let webhooks reach every machine inside: name the networks they need")
	return errors.Join(err, err2)
}

// networks reads addresses and networks; tooWide says why everything is too much.
func networks(flag string, list []string, tooWide string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		p, err := netip.ParsePrefix(s)
		if a, addrErr := netip.ParseAddr(s); addrErr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %q is neither an address nor a network such as 10.0.0.0/8", flag, s)
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("%s: %s %s", flag, s, tooWide)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func (c *Config) checkMetrics() error {
	if c.MetricsAddr == "" {
		return nil
	}
	if c.MetricsAddr == c.Addr && !strings.HasSuffix(c.Addr, ":0") {
		return errors.New("--metrics-addr must differ from --addr: metrics are not for everybody")
	}
	return hostPort("--metrics-addr", c.MetricsAddr)
}

func (m Mail) check() error {
	if m.DKIMKey != "" && m.DKIMSelector == "" || m.DKIMKey == "" && m.DKIMSelector != "" {
		return errors.New("--dkim-key and --dkim-selector go together: one of them is missing")
	}
	if err := readable("--dkim-key", m.DKIMKey); err != nil {
		return err
	}
	if m.From != "" {
		if _, err := mail.ParseAddress(m.From); err != nil {
			return fmt.Errorf("--mail-from %q is no mail address", m.From)
		}
	}
	if m.URL == "" {
		return nil
	}
	u, err := url.Parse(m.URL)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return errors.New("--smtp-url must look like smtp://name:password@host:587 or smtps://name:password@host:465")
	}
	if m.From == "" {
		return errors.New("--mail-from is missing: mail sent by --smtp-url needs a sender")
	}
	return nil
}

func (o OIDC) check() error {
	if o == (OIDC{}) {
		return nil
	}
	if o.Issuer == "" || o.ClientID == "" {
		return errors.New("--oidc-issuer and --oidc-client-id go together: one of them is missing")
	}
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Hostname() == "" || (u.Scheme != "https" && !(u.Scheme == "http" && loopbackHost(u.Hostname()))) {
		return fmt.Errorf("--oidc-issuer %q must begin with https://", o.Issuer)
	}
	if strings.ContainsAny(o.Domain, "@/ ") {
		return fmt.Errorf("--oidc-domain %q must be a bare domain, such as example.com", o.Domain)
	}
	return nil
}

// Loopback tells whether nobody but this machine can reach addr (host:port).
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && loopbackHost(host)
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

func hostPort(flag, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%s %q must look like 127.0.0.1:8080 or :8080", flag, addr)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%s %q: the port must be a number up to 65535", flag, addr)
	}
	return nil
}

func readable(flag, path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", flag, err)
	}
	return f.Close()
}
