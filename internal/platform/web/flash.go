package web

import (
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

const flashCookie = "unisson_flash"

// Flash keeps a toast for the next page, in a cookie that this page takes away.
// The cookie holds a key and parameters, no markup; it is the reader's own.
func Flash(w http.ResponseWriter, r *http.Request, t Toast) {
	b, err := json.Marshal(t)
	if err != nil {
		return // a toast is a courtesy
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/",
		MaxAge: 60, HttpOnly: true, Secure: Secure(r), SameSite: http.SameSiteLaxMode})
}

func takeFlash(w http.ResponseWriter, r *http.Request) []ui.Toast {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: Secure(r), SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var t Toast
	if s := from(r.Context()); json.Unmarshal(b, &t) != nil || s == nil || !s.Bundle.Has(t.Key) {
		return nil
	}
	out := ui.Toast{Text: i18n.M(r.Context(), t.Key, t.Params), Icon: t.Icon}
	if t.Undo != "" {
		out.Undo = LocalPath(t.Undo)
	}
	return []ui.Toast{out}
}
