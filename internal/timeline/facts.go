package timeline

import "unisson/internal/platform/db"

// The facts that this package publishes, each in the transaction that made it
// true. Of private notes nothing is told: nobody but their author knows of them.
type (
	// TouchLogged says that something happened with a customer.
	TouchLogged struct {
		TouchID   string    `json:"touch_id"`
		ContactID string    `json:"contact_id,omitempty"`
		AccountID string    `json:"account_id,omitempty"`
		Kind      Kind      `json:"kind"`
		Direction Direction `json:"direction,omitempty"`
		Voice     Voice     `json:"voice,omitempty"`
		ByID      string    `json:"by_id,omitempty"`
		At        db.Time   `json:"at"` // microseconds since 1970
		Machine   bool      `json:"machine,omitempty"`
	}
	// TouchesLogged says the same of many at once: an import, a campaign.
	TouchesLogged struct {
		Touches []TouchLogged `json:"touches"`
	}
	// TouchCorrected says that a touch was put right by another.
	TouchCorrected struct {
		TouchID   string `json:"touch_id"` // the new one
		Corrects  string `json:"corrects"`
		ContactID string `json:"contact_id,omitempty"`
		AccountID string `json:"account_id,omitempty"`
	}
	// TouchWithdrawn says that a touch was taken back.
	TouchWithdrawn struct {
		TouchID   string `json:"touch_id"`
		ContactID string `json:"contact_id,omitempty"`
		AccountID string `json:"account_id,omitempty"`
	}
)

func logged(t *Touch) TouchLogged {
	return TouchLogged{t.ID, t.ContactID, t.AccountID, t.Kind, t.Direction, t.Voice, t.ByID, t.At, t.Machine}
}

// Evidence is how the contact gave a sign of his own (L-13), "" when he did not.
func (f TouchLogged) Evidence() string {
	t := Touch{Kind: f.Kind, Direction: f.Direction, Machine: f.Machine}
	return t.Evidence()
}
