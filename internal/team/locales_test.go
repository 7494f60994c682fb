package team

import (
	"testing"

	"unisson/internal/platform/i18n"
)

func TestTheWordsAreFitToShip(t *testing.T) {
	for _, f := range i18n.Check(Locales()) {
		t.Error(f)
	}
}
