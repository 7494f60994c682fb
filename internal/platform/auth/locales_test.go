package auth_test

import (
	"testing"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
)

func TestTheWordsAreFitToShip(t *testing.T) {
	for _, f := range i18n.Check(auth.Locales()) {
		t.Error(f)
	}
}
