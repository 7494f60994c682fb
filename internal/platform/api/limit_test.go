package api_test

import (
	"testing"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

func TestOneActorCannotUseUpTheOthersShare(t *testing.T) {
	ck := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	allow := api.PerActor(ck, 2, 3)
	a, b := auth.Actor{UserID: "a"}, auth.Actor{UserID: "b"}
	for range 3 {
		if err := allow(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := allow(a); !errs.Is(err, errs.KindThrottled) {
		t.Errorf("the fourth at once: %v", err)
	}
	if err := allow(b); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	ck.Advance(500 * time.Millisecond)
	if err := allow(a); err != nil {
		t.Errorf("half a second later: %v", err)
	}
	if err := allow(a); err == nil {
		t.Error("two in half a second were allowed")
	}
}
