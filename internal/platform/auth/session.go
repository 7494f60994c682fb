package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// How long a session lives: since it was last used, and at all.
const (
	sessionIdle     = 12 * time.Hour
	sessionIdleStay = 7 * 24 * time.Hour // "stay signed in on this device"
	sessionLife     = 30 * 24 * time.Hour
	pendingLife     = 15 * time.Minute // from the password to the second factor
	seedLife        = 10 * time.Minute // from showing the seed of a second factor to its first code
	freshFor        = 15 * time.Minute // after proving who one is, before changing secrets
	touchEvery      = time.Minute      // how exactly the last use is known
)

// The values of a session. All are text, but stay and the library's own mark.
const (
	keyUser    = "user"
	keyBorn    = "born"    // when the person signed in
	keyProved  = "proved"  // when he last proved who he is
	keyRights  = "rights"  // users.rights then
	keyEpoch   = "epoch"   // users.epoch when he proved who he is
	keyStay    = "stay"    // bool
	keyIP      = "ip"      // where from
	keyAgent   = "agent"   // with what
	keyPending = "pending" // who still owes a second factor
	keyNext    = "next"    // where he wanted to go
	keySeed    = "seed"    // of a second factor being set up, sealed
	keySeedEnd = "seedend" // until when it may be confirmed
)

func (s *Service) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Lifetime = sessionLife
	m.Store = sessionStore{s}
	m.Codec = sessionCodec{}
	m.Cookie = scs.SessionCookie{Name: s.cookieName("session"), Path: "/", HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
	return m
}

// visit is what one request knows about its session: put into the context by
// Sessions, filled by the store.
type visit struct {
	row    sessionRow
	user   *userRow // nil: nobody is signed in
	err    error    // the database did not answer
	device string   // a device cookie to set with the answer

	renewing bool // the library asks to delete a session that CommitCtx will replace
	opened   bool // the session to be saved stands on a proof made in this request, not on row
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// Sessions loads the session of each request and saves it before the first byte
// of the answer. Pages are behind it, the API is not: its tokens are no cookies.
func (s *Service) Sessions(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil && len(c.Value) <= 64 {
			token = c.Value
		}
		ctx := s.load(r.Context(), token)
		sw := &sessionWriter{ResponseWriter: w, s: s, ctx: ctx}
		next.ServeHTTP(sw, r.WithContext(ctx))
		sw.save()
	})
}

// load gives a context with the session of a token; a new, empty one when the
// token is none of ours.
func (s *Service) load(ctx context.Context, token string) context.Context {
	v := &visit{}
	ctx = context.WithValue(ctx, visitKey{}, v)
	loaded, err := s.sessions.Load(ctx, token)
	if err != nil {
		v.err = err // Resolve reports it, where a page can say so
		loaded, _ = s.sessions.Load(ctx, "")
		return loaded
	}
	if v.user == nil || !v.user.Acts(s.now()) {
		return loaded
	}
	if v.row.rights != v.user.Rights {
		// A token from before a change of rights does not live on.
		s.sessions.Put(loaded, keyRights, strconv.FormatInt(v.user.Rights, 10))
		if err := s.renew(loaded); err != nil {
			v.err = err
		}
	} else if s.now().Sub(v.row.seenAt) > touchEvery {
		err := s.db.Write(loaded, func(ctx context.Context, tx db.Tx) error { return touchSession(ctx, tx, v.row) })
		if err != nil {
			s.log.Warn("auth: a session could not be touched", "error", err.Error())
		}
	}
	return loaded
}

// sessionWriter saves the session before the headers leave.
type sessionWriter struct {
	http.ResponseWriter
	s      *Service
	ctx    context.Context
	saved  bool
	failed bool
}

// WriteHeader implements http.ResponseWriter.
func (w *sessionWriter) WriteHeader(status int) {
	if w.save(); !w.failed {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *sessionWriter) Write(b []byte) (int, error) {
	if w.save(); w.failed {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *sessionWriter) save() {
	if w.saved {
		return
	}
	w.saved = true
	m := w.s.sessions
	if v := visitOf(w.ctx); v.device != "" {
		http.SetCookie(w.ResponseWriter, w.s.cookie("device", v.device, deviceLife))
	}
	switch m.Status(w.ctx) {
	case scs.Modified:
		token, expiry, err := m.Commit(w.ctx)
		if errors.Is(err, errEnded) {
			return // the browser keeps a token that opens nothing
		}
		if err != nil {
			// An answer that says "signed in" without a session would be a lie.
			w.failed = true
			w.s.log.Error("auth: a session could not be saved", "error", err.Error())
			http.Error(w.ResponseWriter, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		m.WriteSessionCookie(w.ctx, w.ResponseWriter, token, expiry)
	case scs.Destroyed:
		m.WriteSessionCookie(w.ctx, w.ResponseWriter, "", time.Time{})
	}
}

// sessionCodec writes sessions as JSON, whose values are text and booleans.
type sessionCodec struct{}

type sessionJSON struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

// Encode implements scs.Codec.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(sessionJSON{deadline, values})
}

// Decode implements scs.Codec.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var j sessionJSON
	err := json.Unmarshal(b, &j)
	if j.Values == nil {
		j.Values = map[string]any{}
	}
	return j.Deadline, j.Values, err
}

// sessionStore keeps sessions in our table, under a hash of their token.
type sessionStore struct{ s *Service }

// errNoContext says that the library called a method that we do not serve.
var errNoContext = errors.New("auth: sessions are kept by context only")

// Find implements scs.Store; FindCtx is what is called.
func (sessionStore) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit implements scs.Store; CommitCtx is what is called.
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete implements scs.Store; DeleteCtx is what is called.
func (sessionStore) Delete(string) error { return errNoContext }

func (st sessionStore) id(token string) string { return st.s.keys.Hash("session", token) }

// FindCtx implements scs.CtxStore. It also reads the person, so that one
// statement serves the whole request.
func (st sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	v := visitOf(ctx)
	var row sessionRow
	var user *userRow
	err := st.s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		row, user, err = selectSession(ctx, r, st.id(token), st.s.now())
		return err
	})
	if errs.Is(err, errs.KindNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	v.row, v.user = row, user
	return []byte(row.data), true, nil
}

// errEnded says that a session was ended while its request ran.
var errEnded = errors.New("auth: the session was ended meanwhile")

// CommitCtx implements scs.CtxStore. A session that was ended while its request
// ran is not written anew, under its old token or a new one.
func (st sessionStore) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	_, values, err := sessionCodec{}.Decode(b)
	if err != nil {
		return err
	}
	return st.s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		row := st.row(st.id(token), string(b), values, tx.Now())
		v := visitOf(ctx)
		if v == nil || v.row.id == "" {
			return insertSession(ctx, tx, row)
		}
		if v.row.id == row.id {
			return updateSession(ctx, tx, row)
		}
		epoch, err := takeSession(ctx, tx, v.row.id)
		if v.opened && (err == nil || errs.Is(err, errs.KindNotFound)) {
			return insertSession(ctx, tx, row)
		}
		if errs.Is(err, errs.KindNotFound) {
			return errEnded
		}
		if err != nil {
			return err
		}
		row.epoch = epoch
		return insertSession(ctx, tx, row)
	})
}

func (sessionStore) row(id, data string, values map[string]any, now db.Time) sessionRow {
	text := func(k string) string { v, _ := values[k].(string); return v }
	number := func(k string) int64 { n, _ := strconv.ParseInt(text(k), 10, 64); return n }
	row := sessionRow{id: id, data: data, userID: text(keyUser), pendingID: text(keyPending), rights: number(keyRights), epoch: number(keyEpoch), ip: text(keyIP), userAgent: text(keyAgent), createdAt: now, seenAt: now}
	row.stay, _ = values[keyStay].(bool)
	if row.userID == "" {
		row.expiresAt = now.Add(pendingLife)
		row.idleUntil = row.expiresAt
		return row
	}
	if born := db.Time(number(keyBorn)); !born.IsZero() {
		row.createdAt = born
	}
	row.expiresAt = row.createdAt.Add(sessionLife)
	row.idleUntil = row.idleFrom(now)
	return row
}

// DeleteCtx implements scs.CtxStore. A session that gets a new token is deleted
// by CommitCtx, in the transaction that writes the new one.
func (st sessionStore) DeleteCtx(ctx context.Context, token string) error {
	ids := []string{st.id(token)}
	if v := visitOf(ctx); v != nil {
		if v.renewing {
			return nil
		}
		ids = append(ids, v.row.id)
	}
	return st.s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, id := range ids {
			if err := deleteSession(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
