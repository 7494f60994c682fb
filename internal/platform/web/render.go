package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
)

// Render writes a page or a fragment. Nothing is sent before the whole is
// made, so that a failing template becomes an error page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	ctx := r.Context()
	if s := from(ctx); s != nil && s.Shell != nil && !IsHTMX(r) {
		shell, err := s.Shell(ctx, r)
		if err != nil {
			return errs.Wrap("shell", err)
		}
		shell.Toasts = append(shell.Toasts, takeFlash(w, r)...)
		ctx = ui.WithShell(ctx, shell)
	}
	var b bytes.Buffer
	if err := c.Render(ctx, &b); err != nil {
		return errs.Wrap("render", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request")
	write(w, r, status, b.Bytes())
	return nil
}

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, 5) // only a bad level fails
	return z
}}

// write sends body, packed when that is worth it and wanted. Pages hold no
// secret beside reflected input that an attacker could size up: same-origin
// checks need no token in the page.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Add("Vary", "Accept-Encoding")
	if len(body) > 1024 && takesGzip(r.Header.Get("Accept-Encoding")) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		z := packers.Get().(*gzip.Writer)
		z.Reset(w)
		_, _ = z.Write(body) // a caller who went away is not our failure
		_ = z.Close()
		packers.Put(z)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// takesGzip reads Accept-Encoding; a weight of nought refuses.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(coding) == "gzip" {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// Redirect sends the browser to a path of ours after a form (303).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	w.Header().Set("Location", LocalPath(path))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// maxLocal is longer than any address of ours; it must fit into a header.
const maxLocal = 2000

// LocalPath gives p when it is a path on our host, and "/" otherwise: "//evil",
// "/\evil", schemes and encoded forms of these do not pass.
func LocalPath(p string) string {
	if len(p) > maxLocal || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00\r\n\t") {
		return "/"
	}
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "/"
	}
	if strings.HasPrefix(p, "//") {
		return "/"
	}
	return p
}

// IsHTMX tells whether htmx asks for a fragment.
func IsHTMX(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// Path gives the value of a {name} of the route's pattern.
func Path(r *http.Request, name string) string { return r.PathValue(name) }

// AbsoluteURL makes a link for a mail or the API: only --public-url decides
// about scheme and host, never a header of the request.
func AbsoluteURL(ctx context.Context, path string) string {
	s := from(ctx)
	if s == nil || s.PublicURL == nil {
		return path
	}
	return strings.TrimSuffix(s.PublicURL.String(), "/") + path
}
