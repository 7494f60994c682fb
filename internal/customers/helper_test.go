package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/team"
)

func scopeOf(ctx context.Context) auth.Scope { return auth.From(ctx).Scope }

// absence is a week away from today on, with somebody who stands in.
func absence(b *base, who, deputy string) team.Absence {
	today := clock.DayOf(b.clock.Now())
	return team.Absence{PersonID: b.ids[who], DeputyID: b.ids[deputy], From: today, To: today.Add(6)}
}
