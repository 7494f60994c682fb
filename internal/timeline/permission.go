package timeline

import "unisson/internal/platform/auth"

// What may be done here, beside what the scope lets one read.
const (
	MayRead       auth.Permission = "timeline.read"
	MayLog        auth.Permission = "timeline.log"         // logs touches, and puts one's own right
	MayCorrectAny auth.Permission = "timeline.correct.any" // puts those of others right, never private ones
)
