package notify

import (
	"encoding/json"
	"fmt"
	"strings"

	"unisson/internal/platform/db"
)

// Urgency says how a notice travels beside the inbox.
type Urgency string

// The urgencies. The zero value of a Notice is Digest: more mail needs a reason.
const (
	Digest Urgency = "digest" // with the daily digest
	Direct Urgency = "direct" // somebody speaks to this person: a mail at once, unless he wants none
	Urgent Urgency = "urgent" // a customer waits: a mail at once
)

// Voice says who speaks, for the marks of mails.
type Voice string

// The voices; empty is nobody's.
const (
	Marketing Voice = "marketing"
	Sales     Voice = "sales"
	Joint     Voice = "joint"
)

// Notice is what is told to one person.
type Notice struct {
	UserID  string
	Kind    string         // message key of the sentence, such as "team.notice.invited"
	Params  map[string]any // of the sentence; doc.go says what they may be
	URL     string         // path of the page it is about
	Urgency Urgency
	Voice   Voice
	Key     string // one notice for one key and person, for ever; empty: each is of its own
}

// Item is a notice as it stands in the inbox.
type Item struct {
	ID        string
	UserID    string
	Kind      string
	Params    map[string]any
	URL       string
	Urgency   Urgency
	Voice     Voice
	CreatedAt db.Time
	ReadAt    db.Time // zero: unread
	ToldAt    db.Time // zero: no mail has said it
}

const (
	maxParams = 4000
	maxURL    = 500
)

// row checks a notice and writes its parameters. What it refuses is a mistake of the program, not of a person.
func (n Notice) row(now db.Time) (Item, string, string, error) {
	it := Item{
		ID: db.NewID(), UserID: n.UserID, Kind: n.Kind, URL: n.URL, Urgency: n.Urgency, Voice: n.Voice, CreatedAt: now,
	}
	if it.Urgency == "" {
		it.Urgency = Digest
	}
	switch it.Urgency {
	case Digest, Direct, Urgent:
	default:
		return it, "", "", fmt.Errorf("notify: no urgency is called %q", it.Urgency)
	}
	if it.UserID == "" || it.Kind == "" {
		return it, "", "", fmt.Errorf("notify: a notice needs a person and a kind")
	}
	if !strings.HasPrefix(n.URL, "/") || strings.HasPrefix(n.URL, "//") || len(n.URL) > maxURL {
		return it, "", "", fmt.Errorf("notify: %s: the address must be a path of ours, not %.100q", n.Kind, n.URL)
	}
	for name, v := range n.Params {
		switch v.(type) {
		case string, bool, int, int32, int64, float64, db.Time:
		default:
			return it, "", "", fmt.Errorf("notify: %s: the parameter %s is a %T", n.Kind, name, v)
		}
		if _, isTime := v.(db.Time); isTime && !strings.HasSuffix(name, "_at") {
			return it, "", "", fmt.Errorf("notify: %s: the name of the instant %s must end in _at", n.Kind, name)
		}
	}
	raw, err := json.Marshal(orEmpty(n.Params))
	if err != nil || len(raw) > maxParams {
		return it, "", "", fmt.Errorf("notify: %s: parameters of %d bytes: %w", n.Kind, len(raw), err)
	}
	key := n.Key
	if key == "" {
		key = it.ID
	}
	return it, key, string(raw), nil
}

func orEmpty(params map[string]any) map[string]any {
	if params == nil {
		return map[string]any{}
	}
	return params
}
