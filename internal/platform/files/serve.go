package files

import (
	"net/http"
	"os"
	"strings"
	"time"
)

// Serve sends a file to somebody who may read it: always as an attachment, in
// a sandbox, under the type that its bytes have. Pictures in pages work all the
// same, since browsers show them wherever an img element asks for them.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, f File) error {
	content, err := s.Open(f)
	if err != nil {
		return err
	}
	return send(w, r, f, f.Hash, content)
}

// ServeThumb sends the small picture of a file; errs.NotFound when it has none.
func (s *Store) ServeThumb(w http.ResponseWriter, r *http.Request, f File) error {
	content, err := s.OpenThumb(f)
	if err != nil {
		return err
	}
	return send(w, r, f, f.Thumb, content)
}

func send(w http.ResponseWriter, r *http.Request, f File, hash string, content *os.File) error {
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	if strings.HasPrefix(f.MediaType, "text/") {
		h.Set("Content-Type", f.MediaType+"; charset=utf-8")
	}
	h.Set("Content-Disposition", Disposition(f.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// The right to read is asked each time; the hash saves sending the bytes again.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// Disposition writes a Content-Disposition header for a download under name:
// plain for old readers, and as RFC 5987 writes other letters.
func Disposition(name string) string {
	var plain, coded strings.Builder
	for _, c := range name {
		switch {
		case c < ' ' || c == 0x7f:
			continue
		case c > 0x7e || c == '"' || c == '\\' || c == '%' || c == '/':
			plain.WriteByte('_')
		default:
			plain.WriteRune(c)
		}
		for _, b := range []byte(string(c)) {
			if isAttrChar(b) {
				coded.WriteByte(b)
			} else {
				const hexDigits = "0123456789ABCDEF"
				coded.Write([]byte{'%', hexDigits[b>>4], hexDigits[b&15]})
			}
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + coded.String()
}

// isAttrChar tells the characters that RFC 5987 lets stand as they are.
func isAttrChar(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("!#$&+-.^_`|~", b) >= 0
}
