package webhooks

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/db"
)

// PingEvent is sent on demand, to try an endpoint.
const PingEvent = "webhook.ping"

// Catalog says which facts are told outside, and what of them. It is filled at
// start; after that it is read only and safe for concurrent use.
type Catalog struct {
	byType map[reflect.Type]event
	names  []string
}

type event struct {
	name   string
	encode func(fact any) any
}

// NewCatalog makes an empty catalog.
func NewCatalog() *Catalog { return &Catalog{byType: map[reflect.Type]event{}} }

// Tell adds facts of type T under an outward name, such as
// "team.person.invited". encode gives what is told, for JSON: ids and plain
// values, never a secret. A name or type that is there already is a mistake of
// the program and panics.
func Tell[T any](c *Catalog, name string, encode func(fact T) any) {
	t := reflect.TypeFor[T]()
	if _, taken := c.byType[t]; taken || slices.Contains(c.names, name) || strings.TrimSpace(name) == "" {
		panic(fmt.Sprintf("webhooks: %s or %q is in the catalog already", t, name))
	}
	c.byType[t] = event{name, func(fact any) any { return encode(fact.(T)) }}
	c.names = append(c.names, name)
	slices.Sort(c.names)
}

// Events lists the outward names, sorted.
func (c *Catalog) Events() []string { return slices.Clone(c.names) }

func (c *Catalog) find(fact any) (event, bool) {
	e, ok := c.byType[reflect.TypeOf(fact)]
	return e, ok
}

// envelope is the body of a call.
type envelope struct {
	ID    string `json:"id"`
	Event string `json:"event"`
	At    string `json:"at"`
	Data  any    `json:"data"`
}

func body(name string, at db.Time, data any) (string, error) {
	b, err := json.Marshal(envelope{ID: db.NewID(), Event: name, At: at.Go().Format(time.RFC3339Nano), Data: data})
	if err != nil {
		return "", fmt.Errorf("webhooks: event %s: %w", name, err)
	}
	return string(b), nil
}
