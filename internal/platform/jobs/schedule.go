package jobs

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"unisson/internal/platform/db"
)

// Schedule inserts a job at every tick of a rule.
type Schedule struct {
	Name string // unique, such as "notify.digest"
	// Spec is the rule: five fields (minute, hour, day, month, weekday), or
	// @daily, @hourly, @every 90m and the like.
	//
	// A rule that names hours follows the wall clock of Zone: an hour skipped
	// in spring fires right after the gap, an hour lived twice in autumn fires
	// once. A rule for every hour fires in each hour that passes.
	Spec string
	Zone string // IANA name; empty: UTC
	Args Args
	Opts Opts // RunAt is ignored; a UniqueKey keeps ticks from piling up behind a slow job
}

// ScheduleRecord is a schedule as it is stored.
type ScheduleRecord struct {
	Name, Kind, Spec, Zone string
	NextAt                 db.Time
	LastAt                 db.Time // zero: it has not fired yet
}

// A tick further ahead than this was set by a clock that was wrong.
const absurdAhead = 24 * time.Hour

type rule struct {
	every cron.Schedule // fires by elapsed time
	wall  cron.Schedule // fires by the wall clock
	zone  *time.Location
}

func parseRule(spec, zone string) (rule, error) {
	if strings.Contains(spec, "TZ=") {
		return rule{}, fmt.Errorf("the zone of a schedule goes into Zone")
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return rule{}, err
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor).Parse(spec)
	if err != nil {
		return rule{}, err
	}
	const allHours = 1<<24 - 1
	if s, ok := parsed.(*cron.SpecSchedule); ok && s.Hour&allHours != allHours {
		s.Location = time.UTC
		return rule{wall: s, zone: loc}, nil
	} else if ok {
		s.Location = loc
	}
	return rule{every: parsed, zone: loc}, nil
}

// next is the first tick after t; a rule that never fires again gives zero.
func (r rule) next(t time.Time) time.Time {
	if r.every != nil {
		return utc(r.every.Next(t))
	}
	// The wall clock is written down as if it were UTC, where no hour is
	// skipped or lived twice, and read back in the zone.
	local := t.In(r.zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	for {
		wall = r.wall.Next(wall)
		if wall.IsZero() {
			return wall
		}
		if at := onWall(wall, r.zone); at.After(t) {
			return at
		}
	}
}

// onWall gives the first instant at which the clock of zone shows wall, or has
// passed it when it skips wall.
func onWall(wall time.Time, zone *time.Location) time.Time {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, zone)
	if at.Hour() != wall.Hour() || at.Minute() != wall.Minute() {
		// Skipped: at lies on one side of the gap, no further away than its width.
		start, end := at.ZoneBounds()
		if !start.IsZero() && at.Sub(start) < absurdAhead {
			return start.UTC()
		}
		return end.UTC()
	}
	// Shown twice: the stretch before this one may show it too.
	if start, _ := at.ZoneBounds(); !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, now := at.Zone()
		if first := at.Add(time.Duration(now-before) * time.Second); first.Before(start) && before > now {
			return first.UTC()
		}
	}
	return at.UTC()
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}
