//go:build !crashtest

package crash

// Armed says whether this build obeys UNISSON_CRASH_AT.
const Armed = false

// Here does nothing outside the crashtest build.
func Here(string) {}
