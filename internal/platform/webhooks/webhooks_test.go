package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/outbound"
	"unisson/internal/platform/secret"
	"unisson/internal/platform/webhooks"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Invited and Moved are facts of the test; Unknown is none that is told.
type (
	Invited struct{ UserID, Password string }
	Moved   struct{ UserID string }
	Unknown struct{}
)

const theSecret = "whsec_nobody-may-ever-read-this-again"

// call is what the receiver got.
type call struct {
	header http.Header
	body   string
}

type fixture struct {
	t        *testing.T
	ctx      context.Context // an administrator acts
	d        *db.DB
	clock    *clock.Fake
	bus      *events.Bus
	service  *webhooks.Service
	runner   *jobs.Runner
	receiver *httptest.Server
	out      *outbound.Client

	mu       sync.Mutex
	answer   http.HandlerFunc // nil: 204
	calls    []call
	disabled map[string]bool
}

func actor(id string, perms ...auth.Permission) context.Context {
	return auth.With(context.Background(), auth.NewActor(auth.Actor{Kind: auth.Person, UserID: id, Name: id}, perms))
}

func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	t.Helper()
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) { fn(t, newFixture(t, e)) })
	}
}

func newFixture(t *testing.T, e db.Engine) *fixture {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 24, 8, 5, 0, 0, time.UTC))
	f := &fixture{t: t, ctx: actor("ada", webhooks.Manage), clock: c, d: dbtest.Open(t, e, c), bus: events.NewBus(), disabled: map[string]bool{}}
	f.receiver = httptest.NewServer(http.HandlerFunc(f.receive))
	t.Cleanup(f.receiver.Close)
	u, err := url.Parse(f.receiver.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	f.out = outbound.New(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []uint16{uint16(port)}})
	t.Cleanup(f.out.Close)
	f.build(f.out)
	return f
}

func (f *fixture) build(out *outbound.Client) {
	f.t.Helper()
	catalog := webhooks.NewCatalog()
	webhooks.Tell(catalog, "test.person.invited", func(x Invited) any { return map[string]string{"user_id": x.UserID} })
	webhooks.Tell(catalog, "test.person.moved", func(x Moved) any { return map[string]string{"user_id": x.UserID} })
	f.bus = events.NewBus()
	f.service = webhooks.New(webhooks.Config{DB: f.d, Bus: f.bus, Catalog: catalog, Out: out, Vault: keys, ActFor: f.actFor})
	reg := jobs.NewRegistry()
	if err := f.service.Register(reg); err != nil {
		f.t.Fatal(err)
	}
	f.runner = jobs.NewRunner(f.d, reg, jobs.Config{Seed: 1})
}

var keys = secret.Generate()

func (f *fixture) actFor(_ context.Context, id string) (context.Context, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.disabled[id] {
		return context.Background(), errs.Unauthenticated()
	}
	return actor(id, webhooks.Manage), nil
}

func (f *fixture) receive(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Error(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call{r.Header, string(b)})
	if f.answer != nil {
		f.answer(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (f *fixture) form() webhooks.Form {
	return webhooks.Form{Name: "ERP", URL: f.receiver.URL + "/hook", Secret: theSecret, Events: []string{"test.person.invited"}, Active: true, Version: 1}
}

func (f *fixture) add() webhooks.Endpoint {
	f.t.Helper()
	e, err := f.service.AddEndpoint(f.ctx, f.form())
	if err != nil {
		f.t.Fatal(err)
	}
	return e
}

func (f *fixture) publish(fact any) {
	f.t.Helper()
	if err := f.d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error { return f.bus.Publish(ctx, tx, fact) }); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) work(want int) {
	f.t.Helper()
	n, err := f.runner.Work(context.Background())
	if err != nil || n != want {
		f.t.Fatalf("%d tries, want %d (%v)", n, want, err)
	}
}

func (f *fixture) only() webhooks.Delivery {
	f.t.Helper()
	ds, more, err := f.service.Deliveries(f.ctx, webhooks.DeliveryFilter{}, "", 10)
	if err != nil || more || len(ds) != 1 {
		f.t.Fatalf("%d deliveries, %v", len(ds), err)
	}
	return ds[0]
}

func TestAFactIsToldOutsideSigned(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add()
		f.publish(Invited{UserID: "u1", Password: "hunter2 hunter2"})
		f.publish(Moved{UserID: "u1"}) // not subscribed
		f.publish(Unknown{})
		f.work(1)
		if len(f.calls) != 1 {
			t.Fatalf("%d calls", len(f.calls))
		}
		c := f.calls[0]
		if err := webhooks.Verify([]byte(theSecret), []byte(c.body), c.header.Get(webhooks.SignatureHeader), f.clock.Now()); err != nil {
			t.Error(err)
		}
		var got struct {
			ID, Event, At string
			Data          map[string]string
		}
		if err := json.Unmarshal([]byte(c.body), &got); err != nil {
			t.Fatal(err)
		}
		if got.ID == "" || got.Event != "test.person.invited" || got.At != "2026-11-24T08:05:00Z" || len(got.Data) != 1 || got.Data["user_id"] != "u1" {
			t.Errorf("body %s", c.body)
		}
		d := f.only()
		if c.header.Get(webhooks.EventHeader) != got.Event || c.header.Get(webhooks.DeliveryHeader) != d.ID || c.header.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", c.header)
		}
		if d.State != webhooks.Sent || d.Tries != 1 || d.Status != 204 || d.Body != c.body || d.TriedAt.IsZero() {
			t.Errorf("%+v", d)
		}
		f.work(0)
	})
}

func TestAFactThatIsRolledBackIsNeverTold(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add()
		boom := errors.New("boom")
		err := f.d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
			if err := f.bus.Publish(ctx, tx, Invited{UserID: "u1"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		f.work(0)
	})
}

func TestAFailedCallIsTriedAgainAndKeptShort(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, "down\x00\x1b "+strings.Repeat("é", 5000))
		}
		f.publish(Invited{UserID: "u1"})
		f.work(1)
		d := f.only()
		if d.State != webhooks.Waiting || d.Status != 502 || d.Tries != 1 || d.Reason != "502 Bad Gateway" {
			t.Errorf("%+v", d)
		}
		if !strings.HasPrefix(d.Excerpt, "down é") || len(d.Excerpt) > 2048 {
			t.Errorf("excerpt of %d bytes: %.20q", len(d.Excerpt), d.Excerpt)
		}
		if got, err := f.service.Endpoint(f.ctx, e.ID); err != nil || got.FailingSince != db.At(f.clock.Now()) {
			t.Errorf("%+v %v", got, err)
		}
		f.answer = nil
		f.clock.Advance(time.Minute)
		f.work(1)
		if d := f.only(); d.State != webhooks.Sent || d.Tries != 2 || d.Status != 204 || d.Excerpt != "" || d.Reason != "" {
			t.Errorf("%+v", d)
		}
		if f.calls[0].body != f.calls[1].body || f.calls[0].header.Get(webhooks.DeliveryHeader) != f.calls[1].header.Get(webhooks.DeliveryHeader) {
			t.Error("the second try is another call")
		}
		if err := webhooks.Verify([]byte(theSecret), []byte(f.calls[1].body), f.calls[1].header.Get(webhooks.SignatureHeader), f.clock.Now()); err != nil {
			t.Error("the second try is not signed anew:", err)
		}
		if got, err := f.service.Endpoint(f.ctx, e.ID); err != nil || !got.FailingSince.IsZero() {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestARedirectIsNotFollowed(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add()
		f.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
		f.publish(Invited{UserID: "u1"})
		f.work(1)
		if d := f.only(); d.State != webhooks.Waiting || d.Status != 307 || len(f.calls) != 1 {
			t.Errorf("%+v after %d calls", d, len(f.calls))
		}
	})
}

func TestAnAddressInsideIsRefused(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add()
		f.build(outbound.New(outbound.Config{})) // as in production
		for _, bad := range []string{f.receiver.URL, "http://169.254.169.254/latest", "ftp://example.com", "http://localhost/", "https://a:b@example.com/", ""} {
			form := f.form()
			form.URL = bad
			if _, err := f.service.AddEndpoint(f.ctx, form); len(errs.FieldsOf(err)) != 1 || errs.FieldsOf(err)[0].Name != "url" {
				t.Errorf("%q: %v", bad, err)
			}
		}
		f.publish(Invited{UserID: "u1"})
		f.work(1)
		f.clock.Advance(12 * time.Hour)
		f.work(0) // no further try can help
		if d := f.only(); d.State != webhooks.Failed || len(f.calls) != 0 {
			t.Errorf("%+v after %d calls", d, len(f.calls))
		}
	})
}

func TestAnEndpointThatFailsForDaysIsStoppedAndItsOwnerTold(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var told []webhooks.EndpointStopped
		events.On(f.bus, "test", func(_ context.Context, _ db.Tx, x webhooks.EndpointStopped) error {
			told = append(told, x)
			return nil
		})
		e := f.add()
		f.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
		for day := range 4 {
			f.publish(Invited{UserID: strconv.Itoa(day)})
			for range 40 { // ten hours and more, so that every try comes
				if _, err := f.runner.Work(context.Background()); err != nil {
					t.Fatal(err)
				}
				f.clock.Advance(36 * time.Minute)
			}
		}
		got, err := f.service.Endpoint(f.ctx, e.ID)
		if err != nil || got.Active || got.StoppedAt.IsZero() {
			t.Fatalf("%+v %v", got, err)
		}
		if len(told) != 1 || told[0].EndpointID != e.ID || told[0].OwnerID != "ada" {
			t.Errorf("told %v", told)
		}
		before := len(f.calls)
		f.publish(Invited{UserID: "later"})
		f.clock.Advance(24 * time.Hour)
		if _, err := f.runner.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(f.calls) != before {
			t.Error("called although it is stopped")
		}
		states := map[webhooks.DeliveryState]int{}
		ds, _, err := f.service.Deliveries(f.ctx, webhooks.DeliveryFilter{EndpointID: e.ID}, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ds {
			states[d.State]++
			if d.State == webhooks.Withheld && d.Reason != "webhooks.withheld.off" {
				t.Errorf("%+v", d)
			}
		}
		if len(ds) != 4 || states[webhooks.Waiting] != 0 || states[webhooks.Withheld] == 0 {
			t.Errorf("states %v", states)
		}

		f.answer = nil
		form := f.form()
		form.Secret, form.Version = "", got.Version
		if _, err := f.service.ChangeEndpoint(f.ctx, e.ID, form); err != nil {
			t.Fatal(err)
		}
		f.publish(Invited{UserID: "again"})
		f.work(1)
		if got, err := f.service.Endpoint(f.ctx, e.ID); err != nil || !got.Active || !got.StoppedAt.IsZero() || !got.FailingSince.IsZero() {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestACallIsGivenUpAfterItsLastTry(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add()
		f.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
		f.publish(Invited{UserID: "u1"})
		start := f.clock.Now()
		for f.only().State == webhooks.Waiting {
			if _, err := f.runner.Work(context.Background()); err != nil {
				t.Fatal(err)
			}
			f.clock.Advance(10 * time.Minute)
		}
		d := f.only()
		took := f.clock.Now().Sub(start)
		if d.State != webhooks.Failed || d.Tries != 16 || took < 12*time.Hour || took > 36*time.Hour {
			t.Errorf("%s after %d tries in %s", d.State, d.Tries, took)
		}
		again, err := f.service.ReplayDelivery(f.ctx, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		f.answer = nil
		f.work(1)
		if got, err := f.service.Delivery(f.ctx, again.ID); err != nil || got.State != webhooks.Sent || got.ReplayOf != d.ID || got.Body != d.Body {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestNothingIsSentForAnOwnerWithoutTheRight(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.publish(Invited{UserID: "u1"})
		f.disabled["ada"] = true
		f.work(1)
		if d := f.only(); len(f.calls) != 0 || d.State != webhooks.Withheld || d.Reason != "webhooks.withheld.owner" {
			t.Errorf("%+v after %d calls", d, len(f.calls))
		}
		// Whoever saves it next vouches for it.
		form := f.form()
		form.Secret = ""
		if _, err := f.service.ChangeEndpoint(actor("berthe", webhooks.Manage), e.ID, form); err != nil {
			t.Fatal(err)
		}
		if _, err := f.service.ReplayDelivery(f.ctx, f.only().ID); err != nil {
			t.Fatal(err)
		}
		f.work(1)
		if len(f.calls) != 1 {
			t.Errorf("%d calls", len(f.calls))
		}
	})
}
