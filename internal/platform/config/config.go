package config

import (
	"net/netip"
	"net/url"
	"path/filepath"
)

// DefaultDataDir is the folder of the data, unless it is named.
const DefaultDataDir = "unisson-data"

// Store says where the data is. Every command takes it.
type Store struct {
	DataDir     string `name:"data" env:"UNISSON_DATA" placeholder:"DIR" help:"Folder of the data: the database file, attached files, the key. Made when missing (default: unisson-data)."`
	DatabaseURL string `name:"database-url" env:"UNISSON_DATABASE_URL" placeholder:"postgres://…" help:"PostgreSQL database to use instead of the SQLite file in the data folder."`
	KeyFile     string `name:"key-file" env:"UNISSON_KEY_FILE" placeholder:"FILE" help:"Secret key of this installation (default: unisson.key in the data folder). Made at the first start. Never part of a backup: keep a copy of it apart."`
}

// Database is the path of the SQLite file.
func (s Store) Database() string { return filepath.Join(s.DataDir, "unisson.db") }

// Files is the folder of attached files.
func (s Store) Files() string { return filepath.Join(s.DataDir, "files") }

// LockPath is the file whose lock says that a process uses the data.
func (s Store) LockPath() string { return filepath.Join(s.DataDir, "lock") }

// KeyPath is where the key file is.
func (s Store) KeyPath() string {
	if s.KeyFile != "" {
		return s.KeyFile
	}
	return filepath.Join(s.DataDir, "unisson.key")
}

// Log says what is logged and how.
type Log struct {
	Format string `name:"log-format" env:"UNISSON_LOG_FORMAT" enum:"text,json" default:"text" help:"Form of the log on standard error: text or json."`
	Level  string `name:"log-level" env:"UNISSON_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"Least level that is logged: debug, info, warn or error."`
}

// Mail says how mail leaves. Without URL none does: it stays in the mailbox
// page of the administrators.
type Mail struct {
	URL          string `name:"smtp-url" env:"UNISSON_SMTP_URL" placeholder:"smtp://…" help:"Mail relay: smtp://name:password@host:587 (STARTTLS) or smtps://…:465. Without it no mail leaves."`
	From         string `name:"mail-from" env:"UNISSON_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of the mail of the product, such as \"Unisson <unisson@example.com>\"."`
	DKIMKey      string `name:"dkim-key" env:"UNISSON_DKIM_KEY" placeholder:"FILE" help:"Private key (PEM) that signs the mail."`
	DKIMSelector string `name:"dkim-selector" env:"UNISSON_DKIM_SELECTOR" placeholder:"NAME" help:"Selector under which the DNS publishes the public key."`
	DKIMDomain   string `name:"dkim-domain" env:"UNISSON_DKIM_DOMAIN" placeholder:"DOMAIN" help:"Domain that signs (default: the domain of --mail-from)."`
}

// OIDC says whom people may sign in with besides a password.
type OIDC struct {
	Issuer       string `name:"oidc-issuer" env:"UNISSON_OIDC_ISSUER" placeholder:"https://…" help:"OpenID Connect issuer that people may sign in with."`
	ClientID     string `name:"oidc-client-id" env:"UNISSON_OIDC_CLIENT_ID" placeholder:"ID" help:"Our name at the issuer."`
	ClientSecret string `name:"oidc-client-secret" env:"UNISSON_OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"Our secret at the issuer; better given in the environment, where other accounts of this machine cannot read it."`
	Domain       string `name:"oidc-domain" env:"UNISSON_OIDC_DOMAIN" placeholder:"DOMAIN" help:"Only people with an address of this domain may sign in by the issuer."`
}

// Config is everything that serve and demo are told.
type Config struct {
	Store `embed:""`
	Log   `embed:""`
	Mail  Mail `embed:""`
	OIDC  OIDC `embed:""`

	Addr           string   `name:"addr" env:"UNISSON_ADDR" placeholder:"HOST:PORT" help:"Where to listen (default: :8080 with TLS or --insecure-http, else 127.0.0.1:8080)."`
	PublicURL      string   `name:"public-url" env:"UNISSON_PUBLIC_URL" placeholder:"https://…" help:"Address under which people reach the product; the only source of links."`
	TLSCert        string   `name:"tls-cert" env:"UNISSON_TLS_CERT" placeholder:"FILE" help:"Certificate chain (PEM). Read again when the file changes."`
	TLSKey         string   `name:"tls-key" env:"UNISSON_TLS_KEY" placeholder:"FILE" help:"Private key of the certificate (PEM)."`
	InsecureHTTP   bool     `name:"insecure-http" env:"UNISSON_INSECURE_HTTP" help:"Allow plain HTTP outside this machine: only behind a proxy that speaks HTTPS, in a network that nobody else reads."`
	TrustedProxies []string `name:"trusted-proxies" env:"UNISSON_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Networks of the proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8."`
	OutboundAllow  []string `name:"outbound-allow" env:"UNISSON_OUTBOUND_ALLOW" placeholder:"NETWORK" help:"Networks that are not public and that webhooks and the company sign-in may reach all the same, on any port, such as 10.1.0.0/16. None by default."`
	MetricsAddr    string   `name:"metrics-addr" env:"UNISSON_METRICS_ADDR" placeholder:"HOST:PORT" help:"Serve Prometheus metrics on this address, apart from the product. Off by default."`
	AllowDemo      bool     `name:"allow-demo" env:"UNISSON_ALLOW_DEMO" help:"Serve a database that holds demonstration data."`

	parsed parsed
}

// parsed is what Validate understood.
type parsed struct {
	public   *url.URL
	proxies  []netip.Prefix
	outbound []netip.Prefix
}

// TLS tells whether this process itself speaks HTTPS.
func (c *Config) TLS() bool { return c.TLSCert != "" && c.TLSKey != "" }

// Public is the address that links begin with. Valid after Validate; it is
// never nil then.
func (c *Config) Public() *url.URL {
	u := *c.parsed.public
	return &u
}

// Outbound are the networks, not public, that may be reached all the same.
// Valid after Validate.
func (c *Config) Outbound() []netip.Prefix { return c.parsed.outbound }

// Proxies are the networks whose forwarding headers are believed. Valid after
// Validate.
func (c *Config) Proxies() []netip.Prefix { return c.parsed.proxies }
