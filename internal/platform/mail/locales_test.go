package mail_test

import (
	"testing"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
)

func bundle() *i18n.Bundle { return i18n.MustLoad(mail.Locales()) }

func TestMessagesAreCompleteInBothLanguages(t *testing.T) {
	for _, f := range i18n.Check(mail.Locales()) {
		t.Error(f)
	}
}
