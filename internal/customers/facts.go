package customers

// The facts that this package publishes, each in the transaction that made it
// true. They carry ids of records.
type (
	// RecordsSaved says that records were made or changed: by a form, the API or
	// one step of an import.
	RecordsSaved struct {
		Kind    Kind     `json:"kind"`
		Created []string `json:"created,omitempty"`
		Changed []string `json:"changed,omitempty"`
	}
	// RecordsWithdrawn says that records are gone as if they had never been: the
	// import that made them was taken back, and nobody had used them.
	RecordsWithdrawn struct {
		Kind Kind     `json:"kind"`
		Gone []string `json:"gone"`
	}
	// AccountsMerged says that accounts became one; holders recompute what they
	// derive.
	AccountsMerged struct {
		Kept     string   `json:"kept"`
		Absorbed []string `json:"absorbed"`
	}
	// ContactsMerged says that contacts became one.
	ContactsMerged struct {
		Kept     string   `json:"kept"`
		Absorbed []string `json:"absorbed"`
	}
	// ContactErased says that a person is forgotten.
	ContactErased struct {
		ContactID string `json:"contact_id"`
	}
)
