package webhooks

import (
	"slices"
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Endpoint is an address that is called. Its secret is not in here, and no
// method gives it.
type Endpoint struct {
	ID           string
	Name         string
	URL          string
	Events       []string // sorted
	Active       bool
	OwnerID      string  // who saved it last: his rights count
	FailingSince db.Time // first failure after the last success; zero: none
	StoppedAt    db.Time // stopped by the program; zero: not
	Version      int64
	CreatedAt    db.Time
	UpdatedAt    db.Time
}

// Form is what an administrator enters.
type Form struct {
	Name    string
	URL     string
	Secret  string // empty when an endpoint is changed: the one that stands is kept
	Events  []string
	Active  bool
	Version int64 // of the endpoint as it was shown; ignored for a new one
}

// Limits of a secret, in bytes.
const (
	minSecret = 24
	maxSecret = 200
)

// check gives the form in its stored shape, or what is wrong with it. checkURL
// is the outbound guard's.
func (f Form) check(isNew bool, known []string, checkURL func(string) error) (Form, error) {
	var wrong errs.Fields
	f.Name, f.URL, f.Secret = strings.TrimSpace(f.Name), strings.TrimSpace(f.URL), strings.TrimSpace(f.Secret)
	if f.Name == "" {
		wrong.Add("name", "errors.required")
	} else if utf8.RuneCountInString(f.Name) > 100 {
		wrong.Add("name", "errors.too_long", "max", 100)
	}
	if f.URL == "" {
		wrong.Add("url", "errors.required")
	} else if err := checkURL(f.URL); err != nil {
		if fields := errs.FieldsOf(err); len(fields) > 0 {
			wrong = append(wrong, fields...)
		} else {
			return f, err
		}
	}
	switch {
	case f.Secret == "" && isNew:
		wrong.Add("secret", "errors.required")
	case f.Secret != "" && (len(f.Secret) < minSecret || len(f.Secret) > maxSecret):
		wrong.Add("secret", "webhooks.errors.secret", "min", minSecret, "max", maxSecret)
	}
	f.Events = slices.Compact(slices.Sorted(slices.Values(f.Events)))
	if len(f.Events) == 0 {
		wrong.Add("events", "webhooks.errors.no_event")
	}
	for _, e := range f.Events {
		if !slices.Contains(known, e) {
			wrong.Add("events", "webhooks.errors.unknown_event")
			break
		}
	}
	return f, wrong.Err()
}

// DeliveryState is what became of a call.
type DeliveryState string

// The states of a delivery.
const (
	Waiting  DeliveryState = "waiting"  // to be sent, perhaps again
	Sent     DeliveryState = "sent"     // answered with success
	Failed   DeliveryState = "failed"   // given up
	Withheld DeliveryState = "withheld" // not sent: endpoint off, or owner without the right
)

// Delivery is one call.
type Delivery struct {
	ID         string
	EndpointID string
	Event      string
	Body       string // JSON, as it was or will be signed
	State      DeliveryState
	Reason     string // failed try: the error, for administrators; withheld: a message key
	Tries      int
	Status     int // HTTP status of the latest answer; 0: none came
	TookMS     int64
	Excerpt    string // the beginning of the latest answer
	ReplayOf   string
	CreatedAt  db.Time
	TriedAt    db.Time
}

// DeliveryFilter narrows the list of deliveries; empty fields do not.
type DeliveryFilter struct {
	EndpointID string
	State      DeliveryState
}
