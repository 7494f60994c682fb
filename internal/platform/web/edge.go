package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

// CSP is the content-security policy of every page. Templates hold no inline
// style and no inline script because of it. Frames show letters of the mailbox,
// which come with a narrower policy of their own.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; frame-src 'self'; report-uri " + reportPath

// recorder notes what was answered, for the log and the metrics.
type recorder struct {
	http.ResponseWriter
	status  int
	pattern string
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 { // those below only announce one
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type (
	requestKey  struct{}
	clientKey   struct{}
	recorderKey struct{} // others wrap the writer on the way in, so the route finds it here
)

// RequestID is the id of the request, shown as a reference on error pages and
// written on every log line.
func RequestID(ctx context.Context) string { id, _ := ctx.Value(requestKey{}).(string); return id }

// SetPattern names the route that answers, for the metrics; a pattern of ours,
// never the address that was asked for.
func SetPattern(ctx context.Context, pattern string) {
	if rec, ok := ctx.Value(recorderKey{}).(*recorder); ok {
		rec.pattern = pattern
	}
}

// ClientIP is the address of the caller. A proxy header is believed only when
// it comes from a configured proxy.
func ClientIP(ctx context.Context) netip.Addr {
	a, _ := ctx.Value(clientKey{}).(netip.Addr)
	return a
}

// edge is the outermost part of the way: nothing answers without passing it.
func (s *Server) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Clock.Now()
		id := db.NewID()
		h := w.Header()
		h.Set("X-Request-Id", id)
		s.secure(h)
		ctx := context.WithValue(r.Context(), requestKey{}, id)
		ctx = context.WithValue(ctx, clientKey{}, s.clientIP(r))
		ctx = context.WithValue(ctx, serverKey{}, s)
		rec := &recorder{ResponseWriter: w}
		r = r.WithContext(context.WithValue(ctx, recorderKey{}, rec))
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				s.Log.Error("panic", "request", id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.plain(rec, r, http.StatusInternalServerError)
					p = nil
				}
			}
			s.note(rec, r, s.Clock.Now().Sub(start))
			if p != nil { // half an answer must not look like a whole one
				panic(http.ErrAbortHandler)
			}
		}()
		if r.RequestURI == "*" { // asks about the whole server, which has nothing to say
			h.Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE")
			s.plain(rec, r, http.StatusMethodNotAllowed)
			return
		}
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
			next.ServeHTTP(rec, r)
		default: // overloaded: a quick refusal now is kinder than a slow one later
			h.Set("Retry-After", "2")
			s.plain(rec, r, http.StatusServiceUnavailable)
		}
	})
}

// secure sets what every answer carries. Whatever may be kept by a cache says so.
func (s *Server) secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", CSP)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if s.PublicURL != nil && s.PublicURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// afresh takes back what the handler has said of an answer that did not come to
// be, so that an error is not downloaded, cached or unpacked as if it were it.
func (s *Server) afresh(h http.Header) {
	for _, k := range []string{"Accept-Ranges", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "ETag", "Last-Modified", "Location"} {
		h.Del(k)
	}
	s.secure(h)
}

func (s *Server) note(w *recorder, r *http.Request, d time.Duration) {
	if w.status == 0 {
		w.status = http.StatusOK // what the server sends when nobody said anything
	}
	if s.Observe != nil {
		s.Observe(w.pattern, w.status, d)
	}
	level := slog.LevelInfo
	if strings.HasPrefix(r.URL.Path, "/assets/") || strings.HasSuffix(r.URL.Path, "z") {
		level = slog.LevelDebug
	}
	s.Log.Log(r.Context(), level, "request", "request", RequestID(r.Context()), "method", r.Method, "path", s.logged(w.pattern, r.URL.Path),
		"status", w.status, "ms", d.Milliseconds())
}

// logged is the path as the log shows it. It may hold ids but no names; the
// query may hold what was searched, and a path may be a key to somebody's
// account: both are left out. Where no route took the request, the key may stand
// anywhere beside the word that leads to it, however the address was mangled.
func (s *Server) logged(pattern, path string) string {
	if strings.Contains(pattern, keyName) {
		_, path, _ = strings.Cut(pattern, " ")
		return path
	}
	if pattern != "" && pattern != otherwise {
		return path
	}
	low := strings.ToLower(path)
	for word, shown := range s.keyed {
		if strings.Contains(low, word) {
			return shown
		}
	}
	return path
}

// plain answers where no page can be made any more.
func (s *Server) plain(w http.ResponseWriter, r *http.Request, status int) {
	s.afresh(w.Header())
	if strings.HasPrefix(r.URL.Path, "/api/") && s.Bundle != nil { // programs read no text
		e := Explanation{Kind: errs.KindInternal, Status: status, Code: "errors.kind.internal"}
		if status == http.StatusServiceUnavailable {
			e.Kind, e.Code = errs.KindUnavailable, "errors.kind.unavailable"
		}
		s.problem(w, r.WithContext(i18n.With(r.Context(), s.Bundle.For(i18n.Negotiate(r.Header.Get("Accept-Language")), nil))), e)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "%d %s\n%s\n", status, http.StatusText(status), RequestID(r.Context()))
}

func (s *Server) clientIP(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := ap.Addr().Unmap()
	if len(r.Header.Values("X-Forwarded-For")) > 0 && !s.trusted(addr) {
		s.stranger.Do(func() {
			s.Log.Warn("X-Forwarded-For is not believed from this address; when it is your proxy, name its network with --trusted-proxies: "+
				"without it everybody behind the proxy is slowed down as one caller (this is said once)", "from", addr.String())
		})
	}
	// Walk the header from the right: each hop is believed only while the one
	// that reported it is a proxy of ours.
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(addr); i-- {
		hop, ok := address(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		addr = hop
	}
	return addr
}

// address reads what proxies write: an address, with or without a port.
func address(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		ap, e := netip.ParseAddrPort(s)
		a, err = ap.Addr(), e
	}
	return a.Unmap(), err == nil
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// sameOrigin refuses state changes that another site starts. A request with
// neither Sec-Fetch-Site nor Origin passes the standard check, so it is refused
// here: only programs send such requests, and programs use the API.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	if s.PublicURL != nil {
		// Only a URL without scheme or host is refused, and config checked that.
		_ = c.AddTrustedOrigin(s.PublicURL.Scheme + "://" + s.PublicURL.Host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bare := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
		if Changes(r.Method) && (bare || c.Check(r) != nil) {
			s.Error(w, r.WithContext(s.visitor(r)), errs.Forbidden("errors.cross_site"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// visitor is a context for answering somebody who was not looked up.
func (s *Server) visitor(r *http.Request) context.Context {
	return i18n.With(auth.With(r.Context(), auth.Actor{}), s.localizer(r, auth.Actor{}))
}
