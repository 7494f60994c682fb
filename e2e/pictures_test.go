package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"unisson/e2e"
)

// TestPicturesOfTheReadme makes the pictures of the README and the guides when
// UNISSON_PICTURES names the folder they go to (docs/pictures); otherwise it
// only sees that the pages can be shown.
func TestPicturesOfTheReadme(t *testing.T) {
	to := os.Getenv("UNISSON_PICTURES")
	if to == "" && testing.Short() {
		t.Skip("pictures are for the whole run")
	}
	demo := e2e.SharedDemo(t)
	for _, lang := range []string{"fr", "en"} {
		p := e2e.Open(t, demo.URL, e2e.Look{Lang: "fr"})
		p.SignIn(salesperson)
		p.Goto("/me")
		if lang == "en" { // he reads French until he says otherwise
			p.SwitchTo(lang)
		}
		p.Goto("/people")
		png := p.Picture()
		if len(png) < 10_000 {
			t.Errorf("the picture of the directory holds %d bytes", len(png))
		}
		if to == "" {
			continue
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, "people."+lang+".png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
