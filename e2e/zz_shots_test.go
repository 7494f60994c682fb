package e2e_test

import (
	"os"
	"strings"
	"testing"

	"unisson/e2e"
)

func TestShots(t *testing.T) {
	if os.Getenv("SHOTS") == "" {
		t.Skip()
	}
	demo := e2e.SharedDemo(t)
	for name, look := range map[string]e2e.Look{"fr-desk": {Lang: "fr"}, "en-dark-phone": {Lang: "en", Theme: "dark", Width: 390, Height: 844}} {
		p := e2e.Open(t, demo.URL, look)
		p.Goto("/sign-in")
		p.Screenshot("s-signin-" + name)
		p.SignIn("Yann Le Goff")
		if look.Lang == "en" {
			p.SwitchTo("en")
		}
		for _, path := range []string{"/roles", "/organisation", "/organisation/regions"} {
			p.Goto(path)
			p.Screenshot("s" + strings.ReplaceAll(path, "/", "-") + "-" + name)
			p.NoSidewaysScroll()
		}
	}
}
