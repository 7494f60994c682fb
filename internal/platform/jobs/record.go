package jobs

import "unisson/internal/platform/db"

// State is where a job stands.
type State string

// The states of a job.
const (
	Ready     State = "ready"     // waits for its time or a free worker
	Running   State = "running"   // claimed by a worker
	Done      State = "done"      // its effect is applied
	Dead      State = "dead"      // given up; an administrator decides
	Discarded State = "discarded" // an administrator decided against it
)

// States lists all states in the order in which people read them.
func States() []State { return []State{Ready, Running, Done, Dead, Discarded} }

// Record is a job as it is stored.
type Record struct {
	ID          string
	Queue       string
	Kind        string
	Args        string // JSON
	State       State
	Priority    int
	RunAt       db.Time
	Attempt     int // claims so far: the fence
	Failures    int // failures so far, lost leases included
	MaxAttempts int
	UniqueKey   string
	LeaseUntil  db.Time
	LastError   string
	Progress    Progress
	CreatedAt   db.Time
	StartedAt   db.Time // of the latest claim
	FinishedAt  db.Time
}

// Progress is how far a job has come.
type Progress struct {
	Done, Total int64  // Total 0: not known
	What        string // message key of what is being counted or done
}
