package ui

import (
	"context"
	"time"

	"unisson/internal/platform/i18n"
)

// The people, companies and values of the gallery are made up.
func galleryCamille() Person {
	return Person{Name: "Camille Aubry", Voice: Marketing, Href: "#camille"}
}
func galleryYann() Person  { return Person{Name: "Yann Le Goff", Voice: Sales, Href: "#yann"} }
func gallerySofia() Person { return Person{Name: "Sofia Benali", Voice: Sales, Href: "#sofia"} }

func galleryDuo(turn Voice) DuoProps {
	c, y := galleryCamille(), galleryYann()
	return DuoProps{Marketing: &c, Sales: &y, Turn: turn}
}

func galleryEmptySeat() DuoProps {
	c := galleryCamille()
	return DuoProps{Marketing: &c, Turn: Marketing}
}

func galleryLargeDuo() DuoProps {
	n, m := Person{Name: "Nadia Rousseau", Voice: Marketing}, Person{Name: "Marc Delattre", Voice: Sales}
	return DuoProps{Marketing: &n, Sales: &m, Large: true}
}

type galleryMeter struct {
	title string
	meter MeterProps
}

func galleryMeters(ctx context.Context) []galleryMeter {
	met := Clock{State: ClockMet}
	d := func(hours time.Duration) string { return i18n.Duration(ctx, hours*time.Hour) }
	return []galleryMeter{
		{i18n.T(ctx, "ui.gallery.both_run"), MeterProps{Marketing: Clock{State: Running, Share: .4, Text: d(3)}, Sales: Clock{State: Running, Share: .2, Text: d(48)}}},
		{i18n.T(ctx, "ui.gallery.sales_soon"), MeterProps{Marketing: met, Sales: Clock{State: DueSoon, Share: .85, Text: i18n.Duration(ctx, 40*time.Minute)}}},
		{i18n.T(ctx, "ui.gallery.marketing_late"), MeterProps{Marketing: Clock{State: Overdue, Text: "+\u00a0" + d(2)}}},
		{i18n.T(ctx, "ui.gallery.sales_late"), MeterProps{Marketing: met, Sales: Clock{State: Overdue, Text: "+\u00a0" + i18n.Duration(ctx, 25*time.Minute)}}},
		{i18n.T(ctx, "ui.gallery.paused"), MeterProps{Marketing: Clock{State: Running, Share: .3, Text: d(3)}, Sales: Clock{State: OnHold, Share: .5}}},
		{i18n.T(ctx, "ui.gallery.both_met"), MeterProps{Marketing: met, Sales: met}},
	}
}

func galleryRows() []string {
	return []string{"Claire Fontaine", "Benoît Kervella", "Aïcha Haddad"}
}

func galleryColumns(ctx context.Context) []Column {
	return []Column{
		{Label: i18n.T(ctx, "ui.gallery.name"), Sort: "?sort=name"},
		{Label: i18n.T(ctx, "ui.gallery.company"), Desktop: true},
		{Label: i18n.T(ctx, "ui.gallery.owners_column")},
		{Label: i18n.T(ctx, "ui.gallery.stage"), Desktop: true},
		{Label: i18n.T(ctx, "ui.gallery.last"), Sort: "?sort=last", Direction: "descending", Desktop: true},
		{Label: i18n.T(ctx, "ui.gallery.score_column"), Number: true, Desktop: true},
		{Label: i18n.T(ctx, "ui.shell.preview"), Silent: true, Desktop: true},
	}
}

func gallerySkills(ctx context.Context) []Option {
	return []Option{
		{Value: "water", Label: i18n.T(ctx, "ui.gallery.skill_water"), On: true},
		{Value: "dairy", Label: i18n.T(ctx, "ui.gallery.skill_dairy")},
		{Value: "pumps", Label: i18n.T(ctx, "ui.gallery.skill_pumps"), On: true},
	}
}

func galleryRegions(ctx context.Context) []Option {
	return []Option{
		{Value: "west", Label: i18n.T(ctx, "ui.gallery.region_west")},
		{Value: "north", Label: i18n.T(ctx, "ui.gallery.region_north")},
	}
}

func galleryThread(ctx context.Context) []ThreadEntry {
	return []ThreadEntry{
		{Caption: i18n.T(ctx, "ui.gallery.thread_day")},
		{Voice: Marketing, What: i18n.T(ctx, "ui.gallery.thread_1"), Meta: "9:05", Href: "#thread"},
		{What: i18n.T(ctx, "ui.gallery.thread_2"), Meta: "8:47"},
		{Voice: Sales, What: i18n.T(ctx, "ui.gallery.thread_3"), Quote: i18n.T(ctx, "ui.gallery.thread_quote"), Meta: "14"},
		{Voice: Joint, What: i18n.T(ctx, "ui.gallery.thread_4"), Meta: "6"},
	}
}

func galleryErrors(ctx context.Context) []ErrorLink {
	return Summarize(
		FieldProps{Name: "g_mail", Label: i18n.T(ctx, "ui.gallery.email"), Error: i18n.T(ctx, "ui.gallery.email_error")},
		FieldProps{Name: "g_start", Label: i18n.T(ctx, "ui.gallery.start"), Error: i18n.T(ctx, "ui.gallery.why_not")},
	)
}
