package webhooks_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/webhooks"
)

func TestVerifyBelievesOnlyFreshCallsSignedWithTheSecret(t *testing.T) {
	at := time.Date(2026, 11, 24, 8, 5, 0, 0, time.UTC)
	secret, body := []byte("whsec_the-right-secret-of-the-test"), []byte(`{"id":"1"}`)
	header := webhooks.Sign(secret, body, at)
	_, sum, _ := strings.Cut(header, ",v1=")
	for name, c := range map[string]struct {
		secret, body string
		header       string
		now          time.Time
		want         error
	}{
		"at once":                {header: header, now: at},
		"five minutes later":     {header: header, now: at.Add(5 * time.Minute)},
		"played again later":     {header: header, now: at.Add(5*time.Minute + time.Second), want: webhooks.ErrOld},
		"from the future":        {header: header, now: at.Add(-5*time.Minute - time.Second), want: webhooks.ErrOld},
		"another secret":         {secret: "whsec_a-wrong-one", header: header, now: at, want: webhooks.ErrSignature},
		"another body":           {body: `{"id":"2"}`, header: header, now: at, want: webhooks.ErrSignature},
		"a newer time":           {header: "t=1795514500,v1=" + sum, now: time.Unix(1795514500, 0), want: webhooks.ErrSignature},
		"two times":              {header: "t=1," + header, now: at, want: webhooks.ErrSignature},
		"a time that is none":    {header: "t=soon,v1=" + sum, now: at, want: webhooks.ErrSignature},
		"without a time":         {header: "v1=" + sum, now: at, want: webhooks.ErrSignature},
		"without a sum":          {header: "t=1795514500", now: at, want: webhooks.ErrSignature},
		"a sum cut short":        {header: header[:len(header)-2], now: at, want: webhooks.ErrSignature},
		"nothing":                {now: at, want: webhooks.ErrSignature},
		"two secrets in passing": {header: header + ",v1=00ff, v2=x", now: at},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := secret, body
			if c.secret != "" {
				s = []byte(c.secret)
			}
			if c.body != "" {
				b = []byte(c.body)
			}
			if err := webhooks.Verify(s, b, c.header, c.now); !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if a, b := webhooks.NewSecret(), webhooks.NewSecret(); a == b || len(a) < 40 {
		t.Errorf("proposed secrets %q and %q", a, b)
	}
}

// The header as other languages must compute it: made with another program.
func TestTheSignatureIsTheDocumentedOne(t *testing.T) {
	got := webhooks.Sign([]byte("whsec_test"), []byte(`{"id":"1"}`), time.Unix(1795513500, 0))
	const want = "t=1795513500,v1=7d07c0b9a8ad8dd57ab219412c2fd5040faae6a8a9d08dc34eadd6611f5d7309"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
