package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/webhooks"
)

func TestTheSecretIsNeverGivenBackAndNeverEmptied(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		signed := func(secret string) error {
			t.Helper()
			if _, err := f.service.PingEndpoint(f.ctx, e.ID); err != nil {
				t.Fatal(err)
			}
			f.work(1)
			c := f.calls[len(f.calls)-1]
			return webhooks.Verify([]byte(secret), []byte(c.body), c.header.Get(webhooks.SignatureHeader), f.clock.Now())
		}
		if err := signed(theSecret); err != nil {
			t.Error(err)
		}
		form := f.form()
		form.Secret, form.Name = "  ", "Renamed"
		e, err := f.service.ChangeEndpoint(f.ctx, e.ID, form)
		if err != nil {
			t.Fatal(err)
		}
		if err := signed(theSecret); err != nil {
			t.Error("after an empty secret in the form:", err)
		}
		const second = "whsec_another-one-that-is-long-enough"
		form.Secret, form.Version = second, e.Version
		if e, err = f.service.ChangeEndpoint(f.ctx, e.ID, form); err != nil {
			t.Fatal(err)
		}
		if err := signed(second); err != nil {
			t.Error("after a new secret in the form:", err)
		}
		if err := signed(theSecret); !errors.Is(err, webhooks.ErrSignature) {
			t.Error("the old secret still signs:", err)
		}

		es, err := f.service.Endpoints(f.ctx)
		if err != nil {
			t.Fatal(err)
		}
		ds, _, err := f.service.Deliveries(f.ctx, webhooks.DeliveryFilter{}, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal([]any{e, es, ds, f.calls})
		if err != nil {
			t.Fatal(err)
		}
		for where, text := range map[string]string{"the service": string(out), "the database": dbtest.Dump(t, f.d)} {
			if strings.Contains(text, theSecret) || strings.Contains(text, second) {
				t.Errorf("%s gives the secret back", where)
			}
		}
	})
}

func TestAFormSaysWhatIsWrongWithIt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.publish(Invited{UserID: "u1"})
		for name, c := range map[string]struct {
			change func(*webhooks.Form)
			fields []string
		}{
			"nothing at all":    {func(fm *webhooks.Form) { *fm = webhooks.Form{} }, []string{"name", "url", "secret", "events"}},
			"a long name":       {func(fm *webhooks.Form) { fm.Name = strings.Repeat("é", 101) }, []string{"name"}},
			"a short secret":    {func(fm *webhooks.Form) { fm.Secret = "short" }, []string{"secret"}},
			"a long secret":     {func(fm *webhooks.Form) { fm.Secret = strings.Repeat("x", 201) }, []string{"secret"}},
			"an unknown event":  {func(fm *webhooks.Form) { fm.Events = []string{"test.person.invited", "test.nothing"} }, []string{"events"}},
			"a port of its own": {func(fm *webhooks.Form) { fm.URL = "https://8.8.8.8:8443/" }, []string{"url"}},
		} {
			t.Run(name, func(t *testing.T) {
				form := f.form()
				c.change(&form)
				dbtest.Unchanged(t, f.d, func() {
					_, err := f.service.AddEndpoint(f.ctx, form)
					var got []string
					for _, w := range errs.FieldsOf(err) {
						got = append(got, w.Name)
					}
					if !errs.Is(err, errs.KindInvalid) || !slices.Equal(got, c.fields) {
						t.Errorf("wrong fields %v (%v), want %v", got, err, c.fields)
					}
					form.Version = e.Version
					if _, err := f.service.ChangeEndpoint(f.ctx, e.ID, form); !errs.Is(err, errs.KindInvalid) {
						t.Errorf("change: %v", err)
					}
				})
			})
		}
		if got := f.service.Catalog.Events(); !slices.Equal(got, []string{"test.person.invited", "test.person.moved"}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestTwoAdministratorsDoNotOverwriteEachOther(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		form := f.form()
		form.Events = []string{"test.person.moved", "test.person.invited", "test.person.moved"}
		changed, err := f.service.ChangeEndpoint(f.ctx, e.ID, form)
		if err != nil || !slices.Equal(changed.Events, []string{"test.person.invited", "test.person.moved"}) {
			t.Fatalf("%+v %v", changed, err)
		}
		dbtest.Unchanged(t, f.d, func() {
			_, err := f.service.ChangeEndpoint(f.ctx, e.ID, form)
			var stale *errs.Error
			if !errors.As(err, &stale) || stale.Kind != errs.KindStale || stale.Current.(webhooks.Endpoint).Version != 2 {
				t.Errorf("got %v", err)
			}
		})
		if got, err := f.service.Endpoint(f.ctx, e.ID); err != nil || got.Version != 2 || !slices.Equal(got.Events, changed.Events) {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestAnEndpointIsDeletedWithItsCalls(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.publish(Invited{UserID: "u1"})
		if err := f.service.DeleteEndpoint(f.ctx, e.ID); err != nil {
			t.Fatal(err)
		}
		f.work(1) // the job finds nothing to do
		if len(f.calls) != 0 {
			t.Error("called although it is deleted")
		}
		if es, err := f.service.Endpoints(f.ctx); err != nil || len(es) != 0 {
			t.Error(es, err)
		}
		for _, err := range []error{f.service.DeleteEndpoint(f.ctx, e.ID), second(f.service.Endpoint(f.ctx, e.ID)), second(f.service.PingEndpoint(f.ctx, e.ID)),
			second(f.service.ChangeEndpoint(f.ctx, e.ID, f.form())), second(f.service.ReplayDelivery(f.ctx, e.ID)), second(f.service.Delivery(f.ctx, e.ID))} {
			if !errs.Is(err, errs.KindNotFound) {
				t.Error(err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestNothingIsSentWhileItIsOff(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.publish(Invited{UserID: "u1"})
		waiting := f.only().ID
		if _, err := f.service.ReplayDelivery(f.ctx, waiting); !errs.Is(err, errs.KindConflict) {
			t.Error("replayed while it waits:", err)
		}
		form := f.form()
		form.Active = false
		if _, err := f.service.ChangeEndpoint(f.ctx, e.ID, form); err != nil {
			t.Fatal(err)
		}
		f.publish(Invited{UserID: "u2"}) // not even inserted
		f.work(1)
		if d := f.only(); d.State != webhooks.Withheld || d.Reason != "webhooks.withheld.off" || len(f.calls) != 0 {
			t.Errorf("%+v", d)
		}
		for _, err := range []error{second(f.service.PingEndpoint(f.ctx, e.ID)), second(f.service.ReplayDelivery(f.ctx, waiting))} {
			if !errs.Is(err, errs.KindConflict) {
				t.Error(err)
			}
		}
	})
}

func TestOnlyAdministratorsManageWebhooks(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		f.publish(Invited{UserID: "u1"})
		d := f.only().ID
		do := map[string]func(ctx context.Context) error{
			"list":   func(ctx context.Context) error { return second(f.service.Endpoints(ctx)) },
			"find":   func(ctx context.Context) error { return second(f.service.Endpoint(ctx, e.ID)) },
			"add":    func(ctx context.Context) error { return second(f.service.AddEndpoint(ctx, f.form())) },
			"change": func(ctx context.Context) error { return second(f.service.ChangeEndpoint(ctx, e.ID, f.form())) },
			"delete": func(ctx context.Context) error { return f.service.DeleteEndpoint(ctx, e.ID) },
			"ping":   func(ctx context.Context) error { return second(f.service.PingEndpoint(ctx, e.ID)) },
			"deliveries": func(ctx context.Context) error {
				_, _, err := f.service.Deliveries(ctx, webhooks.DeliveryFilter{}, "", 10)
				return err
			},
			"delivery": func(ctx context.Context) error { return second(f.service.Delivery(ctx, d)) },
			"replay":   func(ctx context.Context) error { return second(f.service.ReplayDelivery(ctx, d)) },
		}
		for name, call := range do {
			dbtest.Unchanged(t, f.d, func() {
				if err := call(context.Background()); !errs.Is(err, errs.KindUnauthenticated) {
					t.Errorf("%s by nobody: %v", name, err)
				}
				if err := call(actor("guest", auth.Permission("team.read"))); !errs.Is(err, errs.KindForbidden) {
					t.Errorf("%s by anybody: %v", name, err)
				}
			})
		}
	})
}

func TestDeliveriesArePagedFilteredAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		e := f.add()
		for range 5 {
			f.publish(Invited{UserID: "u1"})
		}
		f.work(5)
		f.publish(Invited{UserID: "u2"})
		var ids []string
		after := ""
		for {
			ds, more, err := f.service.Deliveries(f.ctx, webhooks.DeliveryFilter{EndpointID: e.ID, State: webhooks.Sent}, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range ds {
				ids, after = append(ids, d.ID), d.ID
			}
			if !more {
				break
			}
		}
		if len(ids) != 5 || !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("paged through %v", ids)
		}
		f.clock.Advance(31 * 24 * time.Hour)
		f.publish(Invited{UserID: "u3"})
		f.work(3) // two calls, and the sweep of that night
		ds, _, err := f.service.Deliveries(f.ctx, webhooks.DeliveryFilter{}, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ds {
			if d.State == webhooks.Waiting || d.CreatedAt < db.At(f.clock.Now().Add(-30*24*time.Hour)) && !d.TriedAt.Go().Equal(f.clock.Now()) {
				t.Errorf("still there: %+v", d)
			}
		}
	})
}

func TestTheCatalogRefusesMistakesOfTheProgram(t *testing.T) {
	c := webhooks.NewCatalog()
	webhooks.Tell(c, "test.a", func(Invited) any { return nil })
	for name, wrong := range map[string]func(){
		"a name twice": func() { webhooks.Tell(c, "test.a", func(Moved) any { return nil }) },
		"a type twice": func() { webhooks.Tell(c, "test.b", func(Invited) any { return nil }) },
		"no name":      func() { webhooks.Tell(c, " ", func(Moved) any { return nil }) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			wrong()
		})
	}
}
