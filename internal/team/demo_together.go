package team

import (
	"context"
	"slices"
)

// leaders puts heads on departments and units.
func (d *demo) leaders(ctx context.Context) error {
	for name, kind := range map[string]Kind{"Ventes": Sales, "Marketing": Marketing, "Produits": Product, "Direction": Management} {
		if err := setHead(ctx, d.tx, "departments", d.departments[name], d.heads[kind]); err != nil {
			return err
		}
	}
	return setHead(ctx, d.tx, "units", d.units[0], d.heads[Management])
}

// absences sends some people away around today, each with somebody of his own
// department who stands in.
func (d *demo) absences(ctx context.Context) error {
	for _, kind := range Kinds() {
		ids := d.byKind[kind]
		for i, id := range ids {
			// Nobody of the sign-in page is away, and no deputy is.
			if len(ids) < 4 || i%8 != 5 || slices.Contains(d.people[:offered], id) {
				continue
			}
			from := d.today.Add(d.rnd.IntN(9) - 4)
			deputy := ids[(i+1)%len(ids)]
			if i == 5 { // the first absent of a department is stood in for by somebody of the sign-in page
				deputy = ids[0]
				from = d.today.Add(-1)
			}
			a := Absence{ID: d.id(), PersonID: id, From: from, To: from.Add(4 + d.rnd.IntN(10)), DeputyID: deputy}
			if err := insertAbsence(ctx, d.tx, a, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// teams forms the cross-functional teams; the first people of each department
// are in the first of them, so that the personas have some.
func (d *demo) teams(ctx context.Context) error {
	next := map[Kind]int{}
	for _, x := range demoTeams() {
		t := Team{ID: d.id(), Name: x.name, Mandate: x.mandate}
		if x.end != 0 {
			t.EndsOn = d.today.Add(x.end)
		}
		for _, s := range x.seats {
			ids := d.byKind[s.kind]
			for range min(s.n, len(ids)) {
				id := ids[next[s.kind]%len(ids)]
				next[s.kind]++
				if !slices.ContainsFunc(t.Members, func(m Member) bool { return m.ID == id }) {
					t.Members = append(t.Members, Member{Person: Person{ID: id, Kind: s.kind, Status: Active}, Part: s.part})
				}
			}
		}
		if len(t.Members) > 0 {
			t.LeadID = t.Members[0].ID
		}
		if head := d.heads[Sales]; len(t.Missing(d.tx.Now().Go())) > 0 && head != "" {
			t.LeadID = head // the head of sales is told that his team lacks marketing
			if !slices.ContainsFunc(t.Members, func(m Member) bool { return m.ID == head }) {
				t.Members = append(t.Members, Member{Person: Person{ID: head}, Part: "pilotage"})
			}
		}
		if err := insertTeam(ctx, d.tx, t, ""); err != nil {
			return err
		}
		if err := replaceSeats(ctx, d.tx, t.ID, t.Members); err != nil {
			return err
		}
	}
	return d.endedTeam(ctx)
}

// endedTeam is one that did its work and ended on its day.
func (d *demo) endedTeam(ctx context.Context) error {
	t := Team{ID: d.id(), Name: "Reprise des fiches produit", Mandate: "Réécrire les quarante fiches que les clients demandent le plus.", EndsOn: d.today.Add(-20)}
	for _, k := range []Kind{Marketing, Product, Sales} {
		if ids := d.byKind[k]; len(ids) > 0 {
			t.Members = append(t.Members, Member{Person: Person{ID: ids[len(ids)-1]}})
		}
	}
	if err := insertTeam(ctx, d.tx, t, ""); err != nil {
		return err
	}
	return replaceSeats(ctx, d.tx, t.ID, t.Members)
}
