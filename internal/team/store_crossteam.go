package team

import (
	"context"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
)

const teamColumns = `t.id, t.name, t.mandate, coalesce(t.lead_id, ''), coalesce(l.given_name || ' ' || l.family_name, ''), t.ends_on, t.ended_at,
	t.version, t.updated_at, t.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
	from teams t left join users l on l.id = t.lead_id left join users b on b.id = t.updated_by`

func scanTeam(row db.Row) (Team, error) {
	var t Team
	var ends, byID, by string
	var ended, at db.Time
	var version int64
	if err := row.Scan(&t.ID, &t.Name, &t.Mandate, &t.LeadID, &t.Lead, &ends, &ended, &version, &at, &byID, &by); err != nil {
		return t, err
	}
	t.EndedAt, t.Changed = ended.Go(), changed(version, at, byID, by)
	if ends == "" {
		return t, nil
	}
	day, err := clock.ParseDay(ends)
	t.EndsOn = day
	return t, err
}

func selectTeams(ctx context.Context, r db.Reader, limit int) ([]Team, error) {
	return db.All(ctx, r, scanTeam, `select `+teamColumns+` order by t.sort_key, t.id limit $1`, limit)
}

func selectTeam(ctx context.Context, r db.Reader, id string) (Team, error) {
	return db.One(ctx, r, scanTeam, `select `+teamColumns+` where t.id = $1`, id)
}

// selectTeamsOf lists the teams in which somebody has a seat.
func selectTeamsOf(ctx context.Context, r db.Reader, personID string) ([]Team, error) {
	return db.All(ctx, r, scanTeam, `select `+teamColumns+` join team_members m on m.team_id = t.id where m.user_id = $1
		order by t.sort_key, t.id`, personID)
}

// selectLeads lists who leads a team.
func selectLeads(ctx context.Context, r db.Reader) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select distinct t.lead_id from teams t where t.lead_id is not null and t.ended_at is null`)
}

// seat is somebody's place in one team.
type seat struct{ teamID, personID, part string }

func selectSeats(ctx context.Context, r db.Reader, teamIDs []string) ([]seat, error) {
	return db.All(ctx, r, func(row db.Row) (seat, error) {
		var s seat
		err := row.Scan(&s.teamID, &s.personID, &s.part)
		return s, err
	}, `select m.team_id, m.user_id, m.part from team_members m where m.team_id in (`+db.In(1, len(teamIDs))+`) order by m.team_id, m.user_id`,
		db.Args(teamIDs)...)
}

func day(d clock.Day) string {
	if d == (clock.Day{}) {
		return ""
	}
	return d.String()
}

func insertTeam(ctx context.Context, tx db.Tx, t Team, by string) error {
	_, err := tx.Exec(ctx, `insert into teams (id, name, name_key, sort_key, mandate, lead_id, ends_on, created_at, updated_at, updated_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
		t.ID, t.Name, db.Fold(t.Name), db.SortKey(t.Name), t.Mandate, null(t.LeadID), day(t.EndsOn), tx.Now(), by)
	return err
}

func updateTeam(ctx context.Context, tx db.Tx, t Team, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update teams set name = $1, name_key = $2, sort_key = $3, mandate = $4, lead_id = $5, ends_on = $6, ended_at = $7,
		reminded_at = case when ends_on = $6 then reminded_at end, version = version + 1, updated_at = $8, updated_by = $9 where id = $10 and version = $11`,
		t.Name, db.Fold(t.Name), db.SortKey(t.Name), t.Mandate, null(t.LeadID), day(t.EndsOn), instant(t.EndedAt), tx.Now(), by, t.ID, t.Changed.Version)
	return n == 1, err
}

// replaceSeats writes who is in a team.
func replaceSeats(ctx context.Context, tx db.Tx, teamID string, members []Member) error {
	if _, err := tx.Exec(ctx, `delete from team_members where team_id = $1`, teamID); err != nil {
		return err
	}
	rows := make([][]any, len(members))
	for i, m := range members {
		rows[i] = []any{teamID, m.ID, m.Part}
	}
	return db.Bulk(ctx, tx, "team_members", []string{"team_id", "user_id", "part"}, rows)
}

// selectEndingTeams lists the teams that end until a day and whose lead was not
// told yet.
func selectEndingTeams(ctx context.Context, r db.Reader, today, until clock.Day) ([]Team, error) {
	return db.All(ctx, r, scanTeam, `select `+teamColumns+` where t.ends_on >= $1 and t.ends_on <= $2 and t.ended_at is null
		and t.reminded_at is null and t.lead_id is not null order by t.ends_on, t.id`, today.String(), until.String())
}

func updateTeamReminded(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update teams set reminded_at = $1 where id = $2`, tx.Now(), id)
	return err
}
