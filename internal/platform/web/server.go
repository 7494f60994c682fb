package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// Config is what the composition root gives to the edge.
type Config struct {
	Routes         []Route
	Policy         *auth.Policy
	PublicURL      *url.URL // the only source of links; its scheme decides about Secure cookies
	TrustedProxies []netip.Prefix
	Bundle         *i18n.Bundle
	DefaultLang    string // of visitors whose browser asks for neither language
	Clock          clock.Clock
	Log            *slog.Logger
	FlashKey       []byte                                                       // signs the toast that crosses a redirect; nil: one of this process
	MaxInFlight    int                                                          // requests at once before shedding; 0: 512
	MaxBody        int64                                                        // bytes of a form body; 0: 1 MiB. See Route for uploads
	Sessions       func(http.Handler) http.Handler                              // loads and saves the session; nil: none
	Resolve        func(r *http.Request) (auth.Actor, error)                    // who is it, read anew each time
	Shell          func(ctx context.Context, r *http.Request) (ui.Shell, error) // what surrounds a page
	Zone           func(ctx context.Context) *time.Location                     // the organisation's zone
	API            http.Handler                                                 // mounted at /api/, without cookies; nil: none
	Assets         http.Handler                                                 // mounted at ui.AssetPath
	Observe        func(pattern string, status int, d time.Duration)            // metrics; nil: none
}

// Server is the edge as an http.Handler.
type Server struct {
	Config
	handler  http.Handler
	keyed    map[string]string // the word before a key in a path -> the path without it
	slots    chan struct{}
	stranger sync.Once // has forwarded in the name of others
}

// keyName is how a route names a part of its path that opens somebody's account.
const keyName = "{token}"

// otherwise is the pattern of what no route takes.
const otherwise = "GET /"

// New builds the edge. It fails on a route without a known permission.
func New(c Config) (*Server, error) {
	if c.MaxInFlight == 0 {
		c.MaxInFlight = 512
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1 << 20
	}
	if len(c.FlashKey) == 0 {
		c.FlashKey = make([]byte, 32)
		_, _ = rand.Read(c.FlashKey) // crypto/rand never fails: it ends the program instead
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	s := &Server{Config: c, slots: make(chan struct{}, c.MaxInFlight), keyed: map[string]string{}}
	pages := http.NewServeMux()
	for _, rt := range c.Routes {
		if err := rt.check(c.Policy); err != nil {
			return nil, err
		}
		if err := handle(pages, rt.Pattern, s.route(rt)); err != nil {
			return nil, err
		}
		if before, _, ok := strings.Cut(rt.Path(), "/"+keyName); ok {
			s.keyed[strings.ToLower(before[strings.LastIndexByte(before, '/')+1:])] = rt.Path()
		}
	}
	pages.Handle("/", s.route(Route{Pattern: otherwise, Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		return OtherMethods(w, r, pages, errs.NotFound("page"))
	}}))

	var cookies http.Handler = pages
	if c.Sessions != nil {
		cookies = c.Sessions(cookies)
	}
	root := http.NewServeMux()
	root.Handle("/", s.sameOrigin(cookies))
	root.Handle("POST "+reportPath, s.reports(pages)) // knows no cookie and changes nothing
	if c.Assets != nil {
		root.Handle(ui.AssetPath, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			SetPattern(r.Context(), "GET "+ui.AssetPath)
			c.Assets.ServeHTTP(w, r)
		}))
	}
	if c.API != nil {
		root.Handle("/api/", c.API)
	}
	s.handler = s.edge(root)
	return s, nil
}

// handle turns the mux's panic on a clashing pattern into an error.
func handle(mux *http.ServeMux, pattern string, h http.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("route %q: %v", pattern, p)
		}
	}()
	mux.Handle(pattern, h)
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

type serverKey struct{}

// from gives the server that edge put into every request's context.
func from(ctx context.Context) *Server {
	s, _ := ctx.Value(serverKey{}).(*Server)
	return s
}

// route is the inner part of the way: who is it, language, permission, handler.
func (s *Server) route(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SetPattern(r.Context(), rt.Pattern)
		actor := auth.Actor{}
		var err error
		if s.Resolve != nil {
			actor, err = s.Resolve(r)
		}
		actor.RequestID = RequestID(r.Context())
		ctx := auth.With(r.Context(), actor)
		ctx = i18n.With(ctx, s.localizer(r, actor))
		r = r.WithContext(ctx)
		if err == nil {
			err = auth.Require(ctx, rt.Perm)
		}
		if err == nil {
			err = Legible(r)
		}
		if err == nil {
			if Changes(r.Method) && r.Body != nil {
				r.Body = http.MaxBytesReader(w, r.Body, max(s.MaxBody, rt.MaxBody))
			}
			err = rt.Handle(w, r)
		}
		if err != nil {
			s.Error(w, r, err)
		}
	})
}

// localizer chooses the language (the person's, else the cookie's, else what
// the browser asks for) and the time zone (the person's, else the organisation's).
func (s *Server) localizer(r *http.Request, a auth.Actor) *i18n.Localizer {
	lang := a.Prefs.Language
	if lang == "" {
		lang = Preference(r, "lang")
	}
	if lang == "" {
		lang = i18n.Negotiate(r.Header.Get("Accept-Language"))
	}
	if lang == "" {
		lang = s.DefaultLang
	}
	zone := time.UTC
	if s.Zone != nil {
		zone = s.Zone(r.Context())
	}
	if a.Prefs.TimeZone != "" {
		if z, err := time.LoadLocation(a.Prefs.TimeZone); err == nil {
			zone = z
		}
	}
	return s.Bundle.For(lang, zone)
}

// Preference reads a choice that somebody made before signing in: "lang" or
// "theme". It comes from a cookie and is to be checked by whoever uses it.
func Preference(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r, name))
	if err != nil || len(c.Value) > 16 {
		return ""
	}
	return c.Value
}

// SetPreference keeps a choice for a year.
func SetPreference(w http.ResponseWriter, r *http.Request, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: cookieName(r, name), Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: Secure(r), SameSite: http.SameSiteLaxMode})
}

// cookieName adds the prefix by which browsers refuse a cookie that a sibling
// host or a plain connection has set. It needs https.
func cookieName(r *http.Request, name string) string {
	if Secure(r) {
		return "__Host-unisson_" + name
	}
	return "unisson_" + name
}

// Secure tells whether the product is reached over https, so that cookies may
// be bound to it. Plain http is only for loopback and --insecure-http.
func Secure(r *http.Request) bool {
	if s := from(r.Context()); s != nil && s.PublicURL != nil {
		return s.PublicURL.Scheme == "https"
	}
	return r.TLS != nil
}
