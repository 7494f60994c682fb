package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// keepFor is how long an answer is kept for repetition.
const keepFor = 24 * time.Hour

// errRefused rolls back an operation that answered with a refusal.
var errRefused = errors.New("api: refused")

// answer is a response held back until its transaction is committed.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the headers to be sent.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write keeps the body.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// once runs an operation with an Idempotency-Key: the effect and the kept
// answer are one transaction, which the operation's own writes join. Of several
// callers at once the first acts; the others wait for its row and repeat it.
func (a *API) once(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	if len(key) > 200 {
		writeProblem(w, r, errs.Malformed("Idempotency-Key", "errors.bad_key"))
		return
	}
	row := kept{User: auth.From(r.Context()).UserID, Key: hash(key),
		Request: hash(r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), string(body))}
	var out answer
	err := a.DB.Write(r.Context(), func(ctx context.Context, tx db.Tx) error {
		out = answer{header: http.Header{}} // fn may be run again
		now := tx.Now()
		fresh, err := reserve(ctx, tx, row, now, now.Add(-keepFor))
		if err != nil {
			return err
		}
		if !fresh {
			old, err := find(ctx, tx.Reader, row)
			if err != nil {
				return err
			}
			if old.Request != row.Request {
				return &errs.Error{Kind: errs.KindConflict, Code: "errors.key_reused"}
			}
			out = old.answer
			return nil
		}
		a.act(&out, r.WithContext(ctx), body)
		out.WriteHeader(http.StatusOK) // unless it has said another
		if out.status >= 400 {
			return errRefused
		}
		row.answer = out
		return fill(ctx, tx, row)
	})
	if err != nil && !errors.Is(err, errRefused) {
		writeProblem(w, r, err)
		return
	}
	for k, vs := range out.header {
		w.Header()[k] = vs
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body.Bytes()) // a caller who went away is not our failure
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}
