package config_test

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/config"
)

func valid() config.Config {
	return config.Config{Store: config.Store{DataDir: "data"}, Addr: "127.0.0.1:8080"}
}

func TestValidateAcceptsWhatIsSafe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*config.Config){
		"loopback without anything":    func(*config.Config) {},
		"loopback of the new protocol": func(c *config.Config) { c.Addr = "[::1]:8080" },
		"localhost by name":            func(c *config.Config) { c.Addr = "localhost:0" },
		"TLS for everybody": func(c *config.Config) {
			c.Addr, c.TLSCert, c.TLSKey, c.PublicURL = ":443", file, file, "https://unisson.example.com/"
		},
		"a proxy on this machine": func(c *config.Config) {
			c.PublicURL, c.TrustedProxies = "https://unisson.example.com", []string{"127.0.0.1", "10.1.2.3/8"}
		},
		"plain HTTP that was asked for": func(c *config.Config) {
			c.Addr, c.PublicURL, c.InsecureHTTP = "0.0.0.0:80", "http://intranet", true
		},
		"mail with DKIM": func(c *config.Config) {
			c.Mail = config.Mail{URL: "smtps://n:p@mail.example.com:465", From: "Unisson <u@example.com>", DKIMKey: file, DKIMSelector: "s1"}
		},
		"sign-in by an issuer":      func(c *config.Config) { c.OIDC = config.OIDC{Issuer: "https://id.example.com/r", ClientID: "unisson"} },
		"an issuer on this machine": func(c *config.Config) { c.OIDC = config.OIDC{Issuer: "http://127.0.0.1:9/", ClientID: "unisson"} },
		"PostgreSQL":                func(c *config.Config) { c.DatabaseURL = "postgres://u:p@db/unisson" },
		"metrics apart":             func(c *config.Config) { c.MetricsAddr = "127.0.0.1:9100" },
	} {
		t.Run(name, func(t *testing.T) {
			c := valid()
			change(&c)
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidateRefusesAndSaysHowToMend(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*config.Config)
		says   string
	}{
		"plain HTTP for everybody":   {func(c *config.Config) { c.Addr = ":8080" }, "--insecure-http"},
		"plain HTTP on an interface": {func(c *config.Config) { c.Addr = "192.168.1.4:8080" }, "--tls-cert"},
		"an address without port":    {func(c *config.Config) { c.Addr = "localhost" }, "127.0.0.1:8080"},
		"a port that is none":        {func(c *config.Config) { c.Addr = "127.0.0.1:99999" }, "65535"},
		"half a certificate":         {func(c *config.Config) { c.TLSCert = file }, "go together"},
		"a certificate that is away": {func(c *config.Config) { c.TLSCert, c.TLSKey = file+"x", file }, "--tls-cert cannot be read"},
		"nobody knows the address": {func(c *config.Config) { c.Addr, c.TLSCert, c.TLSKey = ":443", file, file },
			"--public-url is missing"},
		"a public address without scheme": {func(c *config.Config) { c.PublicURL = "unisson.example.com" }, "https://"},
		"a public address with a path":    {func(c *config.Config) { c.PublicURL = "https://example.com/unisson" }, "scheme and host only"},
		"a public address with a name":    {func(c *config.Config) { c.PublicURL = "https://a@example.com" }, "scheme and host only"},
		"a public address without host":   {func(c *config.Config) { c.PublicURL = "https://" }, "names no host"},
		"a public address that is none":   {func(c *config.Config) { c.PublicURL = "http://[" }, "no address"},
		"a plain public address":          {func(c *config.Config) { c.PublicURL = "http://example.com" }, "--insecure-http"},
		"a plain public address with TLS": {func(c *config.Config) {
			c.TLSCert, c.TLSKey, c.PublicURL, c.InsecureHTTP = file, file, "http://example.com", true
		}, "does not fit --tls-cert"},
		"everybody as a proxy":    {func(c *config.Config) { c.TrustedProxies = []string{"0.0.0.0/0"} }, "anyone's"},
		"a proxy that is none":    {func(c *config.Config) { c.TrustedProxies = []string{"proxy"} }, "10.0.0.0/8"},
		"metrics for everybody":   {func(c *config.Config) { c.MetricsAddr = c.Addr }, "must differ"},
		"metrics without a port":  {func(c *config.Config) { c.MetricsAddr = "x" }, "--metrics-addr"},
		"another database":        {func(c *config.Config) { c.DatabaseURL = "mysql://secret@h/d" }, "postgres://"},
		"mail without a scheme":   {func(c *config.Config) { c.Mail.URL = "mail.example.com:25" }, "smtp://"},
		"mail without a sender":   {func(c *config.Config) { c.Mail.URL = "smtp://mail.example.com" }, "--mail-from is missing"},
		"a sender that is none":   {func(c *config.Config) { c.Mail.From = "unisson" }, "no mail address"},
		"half of DKIM":            {func(c *config.Config) { c.Mail.DKIMKey = file }, "--dkim-selector"},
		"a DKIM key that is away": {func(c *config.Config) { c.Mail.DKIMKey, c.Mail.DKIMSelector = file+"x", "s" }, "--dkim-key cannot"},
		"half an issuer":          {func(c *config.Config) { c.OIDC.Issuer = "https://id.example.com" }, "--oidc-client-id"},
		"an issuer in the clear":  {func(c *config.Config) { c.OIDC = config.OIDC{Issuer: "http://id.example.com", ClientID: "u"} }, "https://"},
		"an address as the domain of an issuer": {func(c *config.Config) {
			c.OIDC = config.OIDC{Issuer: "https://id.example.com", ClientID: "u", Domain: "a@example.com"}
		}, "bare domain"},
	} {
		t.Run(name, func(t *testing.T) {
			conf := valid()
			c.change(&conf)
			err := conf.Validate()
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a message with %q", err, c.says)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the message repeats a password: %v", err)
			}
		})
	}
}

func TestValidateReportsEverythingAtOnce(t *testing.T) {
	c := valid()
	c.Addr, c.Mail.From, c.TrustedProxies = ":80", "x", []string{"y"}
	err := c.Validate()
	for _, flag := range []string{"--addr", "--public-url", "--mail-from", "--trusted-proxies"} {
		if err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%v does not speak of %s", err, flag)
		}
	}
}

func TestTheDefaultAddressIsOpenOnlyWhenItIsSafe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		conf config.Config
		want string
	}{
		"plain":    {config.Config{}, "127.0.0.1:8080"},
		"TLS":      {config.Config{TLSCert: file, TLSKey: file, PublicURL: "https://u.example.com"}, ":8080"},
		"insecure": {config.Config{InsecureHTTP: true, PublicURL: "http://u.example.com"}, ":8080"},
	} {
		c.conf.DataDir = "data"
		if err := c.conf.Validate(); err != nil || c.conf.Addr != c.want {
			t.Errorf("%s: %q (%v), want %q", name, c.conf.Addr, err, c.want)
		}
	}
}

func TestLinksBeginWithThePublicAddressOnly(t *testing.T) {
	bound := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}
	for name, c := range map[string]struct{ addr, public, want string }{
		"given":            {"127.0.0.1:0", "https://Unisson.example.com/", "https://Unisson.example.com"},
		"loopback":         {"127.0.0.1:0", "", "http://localhost:4711"},
		"loopback by name": {"localhost:0", "", "http://localhost:4711"},
	} {
		conf := valid()
		conf.Addr, conf.PublicURL = c.addr, c.public
		if err := conf.Validate(); err != nil {
			t.Fatal(name, err)
		}
		conf.Listening(bound)
		if got := conf.Public().String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		conf.Public().Host = "evil.example.com"
		if conf.Public().String() != c.want {
			t.Errorf("%s: a caller can change the public address", name)
		}
	}
}

func TestProxiesAreNetworks(t *testing.T) {
	c := valid()
	c.TrustedProxies = []string{"10.1.2.3/8", " 192.0.2.1", "2001:db8::1"}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::1/128")}
	if !slices.Equal(c.Proxies(), want) {
		t.Errorf("%v, want %v", c.Proxies(), want)
	}
}

func TestTheDataFolderHasADefault(t *testing.T) {
	var s config.Store
	if err := s.Validate(); err != nil || s.DataDir != config.DefaultDataDir {
		t.Errorf("%q %v", s.DataDir, err)
	}
}

func TestPathsLieInTheDataFolder(t *testing.T) {
	s := config.Store{DataDir: "d"}
	if s.Database() != filepath.Join("d", "unisson.db") || s.Files() != filepath.Join("d", "files") || s.KeyPath() != filepath.Join("d", "unisson.key") {
		t.Error(s.Database(), s.Files(), s.KeyPath())
	}
	s.KeyFile = "/etc/key"
	if s.KeyPath() != "/etc/key" {
		t.Error(s.KeyPath())
	}
}

func TestReleaseIsNeverEmpty(t *testing.T) {
	if config.Release() == "" {
		t.Error("the program has no name for itself")
	}
}
