package access_test

import (
	"testing"

	"unisson/internal/access"
	"unisson/internal/platform/i18n"
)

func TestTheWordsAreFitToShip(t *testing.T) {
	for _, f := range i18n.Check(access.Locales()) {
		t.Error(f)
	}
}
