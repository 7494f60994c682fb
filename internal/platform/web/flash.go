package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// Toast is what a page says after a form was done.
type Toast struct {
	Key    string         `json:"k"`           // message key
	Params map[string]any `json:"p,omitempty"` // its parameters
	Undo   string         `json:"u,omitempty"` // path that undoes it by POST; empty: nothing to undo
	Icon   string         `json:"i,omitempty"` // default "check"
}

const flash = "flash"

// Flash keeps a toast for the next page, in a cookie that this page takes away.
// The cookie is signed: its key, icon and undo are not for others to choose.
func Flash(w http.ResponseWriter, r *http.Request, t Toast) {
	b, err := json.Marshal(t)
	s := from(r.Context())
	if err != nil || s == nil {
		return // a toast is a courtesy
	}
	http.SetCookie(w, flashCookie(r, base64.RawURLEncoding.EncodeToString(append(s.sign(b), b...)), 60))
}

func flashCookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName(r, flash), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: Secure(r), SameSite: http.SameSiteLaxMode}
}

func (s *Server) sign(b []byte) []byte {
	m := hmac.New(sha256.New, s.FlashKey)
	m.Write(b)
	return m.Sum(nil)
}

func takeFlash(w http.ResponseWriter, r *http.Request) []ui.Toast {
	c, err := r.Cookie(cookieName(r, flash))
	if err != nil {
		return nil
	}
	http.SetCookie(w, flashCookie(r, "", -1))
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	s := from(r.Context())
	if err != nil || s == nil || len(b) < sha256.Size || !hmac.Equal(b[:sha256.Size], s.sign(b[sha256.Size:])) {
		return nil
	}
	var t Toast
	// The signature may be that of another release, whose words were others.
	if json.Unmarshal(b[sha256.Size:], &t) != nil || !s.Bundle.Has(t.Key) {
		return nil
	}
	out := ui.Toast{Text: i18n.M(r.Context(), t.Key, t.Params), Icon: t.Icon}
	if t.Undo != "" {
		out.Undo = LocalPath(t.Undo)
	}
	return []ui.Toast{out}
}
