package admin

import (
	"context"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/webhooks"
)

// What the house names by codes has words, in the message files of whoever owns
// it; a code of a release that is gone, or of a program beside this one, is
// shown as it is. The codes stay readable in small type: command line, metrics
// and other programs know them only.
//
// i18n: jobs.kind.* webhooks.event.* audit.kind.* audit.field.* audit.value.*

// said gives the words of a key, else the code itself.
func said(ctx context.Context, family, code string) string {
	if key := family + "." + code; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return code
}

// jobWords says what a kind of background work does.
func jobWords(ctx context.Context, kind string) string { return said(ctx, "jobs.kind", kind) }

// eventWords says what an event tells other programs.
func eventWords(ctx context.Context, event string) string {
	if event == webhooks.PingEvent {
		return i18n.T(ctx, "admin.webhooks.trial")
	}
	return said(ctx, "webhooks.event", event)
}

// eventList says several events in one line.
func eventList(ctx context.Context, events []string) string {
	words := make([]string, len(events))
	for i, e := range events {
		words[i] = eventWords(ctx, e)
	}
	return i18n.List(ctx, words...)
}

// kindWords names a kind of record of the journal of changes.
func kindWords(ctx context.Context, kind string) string { return said(ctx, "audit.kind", kind) }

// fieldWords names a field of the journal of changes.
func fieldWords(ctx context.Context, field string) string { return said(ctx, "audit.field", field) }
