package main

import (
	"strings"
	"testing"
)

// A database that is away is said in words, in the language of the environment,
// with what the operator needs to mend it, and without the password.
func TestADatabaseThatIsAwayIsSaidInWords(t *testing.T) {
	args := []string{"--data", t.TempDir(), "--database-url", "postgres://ada:hunter2@127.0.0.1:1/none?sslmode=disable"}
	for lang, want := range map[string]string{"C": "The database does not answer", "": "The database does not answer", "fr_FR.UTF-8": "La base de données ne répond pas",
		"fr_CA": "La base de données ne répond pas", "de_DE.UTF-8": "The database does not answer"} {
		for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"doctor"}, {"migrate"}, {"user", "reset", "ada@example.com"}} {
			_, said, code := unisson(t, []string{"LC_ALL=" + lang}, append(command, args...)...)
			if code != exitFailed || !strings.Contains(said, want) || !strings.Contains(said, "--database-url") || !strings.Contains(said, "127.0.0.1:1") {
				t.Errorf("%v in %q: exit %d\n%s", command, lang, code, said)
			}
			if strings.Contains(said, "errors.") || strings.Contains(said, "hunter2") {
				t.Errorf("%v shows a key or a secret: %s", command, said)
			}
		}
	}
}

func TestAWrongValueIsNamedInTheLanguageOfTheEnvironment(t *testing.T) {
	for lang, want := range map[string]string{"C": "8 characters", "fr_FR.UTF-8": "8 caractères"} {
		cmd := command(t, []string{"LC_ALL=" + lang}, "user", "add", "zoe@example.com", "--given", "Zoé", "--family", "Martin", "--role", "administrator", "--password-stdin")
		cmd.Stdin = strings.NewReader("court\n")
		out, _ := cmd.CombinedOutput()
		if !strings.Contains(string(out), "password: ") || !strings.Contains(string(out), want) {
			t.Errorf("%s: %s", lang, out)
		}
	}
}
