package team

// The facts that this package publishes, each in the transaction that made it
// true. That somebody joins, leaves or changes roles is told by platform/auth.
type (
	// ProfileChanged says that what somebody is or covers was changed; Fields names what.
	ProfileChanged struct {
		PersonID string   `json:"person_id"`
		Fields   []string `json:"fields"`
	}
	// AbsenceSet says that somebody will be away, or will be so differently.
	AbsenceSet struct {
		AbsenceID string `json:"absence_id"`
		PersonID  string `json:"person_id"`
		DeputyID  string `json:"deputy_id,omitempty"`
	}
	// AbsenceCancelled says that somebody will not be away after all.
	AbsenceCancelled struct {
		AbsenceID string `json:"absence_id"`
		PersonID  string `json:"person_id"`
		DeputyID  string `json:"deputy_id,omitempty"`
	}
	// TeamFormed says that a cross-functional team exists.
	TeamFormed struct {
		TeamID string `json:"team_id"`
	}
	// TeamChanged says that a team's members, mandate or end are others now.
	TeamChanged struct {
		TeamID string `json:"team_id"`
	}
	// TeamEnded says that a team was ended before its day, or at it.
	TeamEnded struct {
		TeamID string `json:"team_id"`
	}
	// StructureChanged says that the company, a department, a unit or a region is
	// other than it was; Kind names which.
	StructureChanged struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	}
)
