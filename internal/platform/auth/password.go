package auth

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// The length of a password, in characters. There is no rule about kinds of
// characters: they make passwords harder to keep, not harder to guess.
const (
	MinPassword = 8
	MaxPassword = 256
)

//go:embed common.txt
var commonText string

// commonWords are the words that guessing begins with, folded. The list is our
// own; what people append to them (digits, signs, a year) is taken off before.
var commonWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.Fields(line) {
				m[w] = true
			}
		}
	}
	return m
})

// checkPassword notes under field why password may not be the password of
// somebody who is called about (name, address, organisation).
func checkPassword(f *errs.Fields, field, password string, about ...string) {
	n := len([]rune(password))
	switch {
	case n == 0:
		f.Add(field, "errors.required")
	case n < MinPassword:
		f.Add(field, "auth.error.password_short", "min", MinPassword)
	case n > MaxPassword:
		f.Add(field, "errors.too_long", "max", MaxPassword)
	case ownWords(password, about):
		f.Add(field, "auth.error.password_about_you")
	case common(password):
		f.Add(field, "auth.error.password_common")
	}
}

// ownWords tells whether little is left of the password without the person's
// own words.
func ownWords(password string, about []string) bool {
	rest := db.Fold(password)
	before := len(rest)
	for _, text := range about {
		for _, w := range strings.FieldsFunc(db.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len(w) >= 3 {
				rest = strings.ReplaceAll(rest, w, "")
			}
		}
	}
	return len(rest) < before && len([]rune(rest)) < MinPassword
}

// common tells whether password is one that guessing tries early: a known word
// with the usual changes, a run of neighbouring keys, few different signs.
func common(password string) bool {
	p := db.Fold(password)
	core := strings.TrimFunc(p, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range []string{p, core, plainLetters(p), plainLetters(core), lettersOf(p), lettersOf(plainLetters(p))} {
		if commonWords()[w] || commonWords()[half(w)] {
			return true
		}
	}
	if len(core) < 3 && len([]rune(p)) < 12 {
		return true // digits and signs only: dates, phone numbers
	}
	return distinct(p) < 5 || mostlyRuns(p)
}

// plainLetters undoes the usual exchange of letters for signs.
func plainLetters(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i", "€", "e").Replace(s)
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// half gives "abc" for "abcabc", else "".
func half(s string) string {
	if n := len(s) / 2; n > 0 && len(s)%2 == 0 && s[:n] == s[n:] {
		return s[:n]
	}
	return ""
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// The rows of the keyboards used here, the alphabet and the digits, there and back.
const keyRows = "qwertyuiop asdfghjkl zxcvbnm azertyuiop qsdfghjklm wxcvbn qwertzuiop 1234567890 abcdefghijklmnopqrstuvwxyz " +
	"poiuytrewq lkjhgfdsa mnbvcxz poiuytreza mlkjhgfdsq nbvcxw poiuztrewq 0987654321 zyxwvutsrqponmlkjihgfedcba"

// mostlyRuns tells whether at most three signs stand outside runs of three or
// more neighbouring keys, or of one sign repeated.
func mostlyRuns(p string) bool {
	outside := 0
	for i := 0; i < len(p); {
		n := runAt(p[i:])
		if n < 3 {
			outside++
			n = 1
		}
		i += n
	}
	return outside <= 3
}

func runAt(s string) int {
	same := 1
	for same < len(s) && s[same] == s[0] {
		same++
	}
	keys := 1
	for keys < len(s) && strings.Contains(keyRows, s[:keys+1]) {
		keys++
	}
	return max(same, keys)
}
