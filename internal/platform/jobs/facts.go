package jobs

// JobDied is published in the transaction that puts a job on the dead list, so
// that administrators are told.
type JobDied struct {
	ID, Kind, Error string
}
