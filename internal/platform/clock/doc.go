// Package clock tells the time: the clock everybody asks (Clock), and the
// business clock by which commitments are counted (Calendar).
//
// # Vocabulary
//
//   - Hours: what a team enters. Opening hours for each weekday (several
//     intervals a day, in minutes of the wall clock), a time zone, a set of
//     public holidays, days closed and days open by exception.
//   - Calendar: checked Hours, ready to count. Immutable, safe for concurrent
//     use, without access to any clock: every function is pure.
//   - Open: the wall clock of the team reads a minute that lies inside an
//     interval of that day. Hence an hour lived twice in October counts twice
//     and an hour skipped in March does not count.
//   - Pause: a stretch of time that does not count, for one of the reasons that
//     the funnel allows. The calendar knows no reasons.
//
// # Invariants
//
//   - Intervals are half-open: at closing time it is closed. A commitment is
//     met when done ≤ due.
//   - A start outside opening hours moves to the next opening.
//   - Minutes and hours are open time elapsed. The due instant is the first
//     one at which the time has elapsed, so it may be a closing, never a moment
//     in the night after it.
//   - n business days are the same local time on the n-th following day with
//     opening hours, moved to that day's nearest opening or closing (to the
//     later one when both are as near).
//   - A calendar that New accepted opens again after any instant: no function
//     fails or runs forever.
//
// Holidays are data (holidays.json), their names are locale keys. The program
// must carry the time zones itself: main and the tests import time/tzdata.
//
// Tables: none.
package clock
