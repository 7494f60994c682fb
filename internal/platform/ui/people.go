package ui

import (
	"context"
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/i18n"
)

// Voice says for whom somebody speaks. It is shown by shape as well as by colour.
type Voice string

// The voices. Neutral is everybody else: product, management, outsiders.
const (
	Neutral   Voice = ""
	Marketing Voice = "marketing"
	Sales     Voice = "sales"
	Joint     Voice = "joint"
)

// class gives the style sheet's letter of the voice.
func (v Voice) class() string {
	switch v {
	case Marketing:
		return "m"
	case Sales:
		return "v"
	case Joint:
		return "j"
	}
	return ""
}

// Person is somebody as shown on a page.
type Person struct {
	Name     string
	Initials string // default: made from Name
	Voice    Voice
	Href     string // the person's page; may be empty
}

// Mark gives the letters of the avatar.
func (p Person) Mark() string {
	if p.Initials != "" {
		return p.Initials
	}
	return Initials(p.Name)
}

// Initials gives the first letters of the first two words of a name: "Yann Le
// Goff" is YL, "Jean-Noël Prat" JP, "Ada" A.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	mark := first(words[0])
	if len(words) > 1 {
		mark += first(words[1])
	}
	return strings.ToUpper(mark)
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(r)
}

// DuoProps is the two-owner chip. A nil side is an empty seat: dashed, never hidden.
type DuoProps struct {
	Marketing, Sales *Person
	Turn             Voice // whose move is expected; Neutral: nobody's
	Large            bool
}

// duoWords says the chip to a screen reader.
func duoWords(ctx context.Context, p DuoProps) string {
	name := func(p *Person) string {
		if p == nil {
			return i18n.T(ctx, "ui.people.nobody")
		}
		return p.Name
	}
	marketing, sales := name(p.Marketing), name(p.Sales)
	switch p.Turn {
	case Marketing:
		return i18n.T(ctx, "ui.people.duo_marketing", "marketing", marketing, "sales", sales)
	case Sales:
		return i18n.T(ctx, "ui.people.duo_sales", "marketing", marketing, "sales", sales)
	}
	return i18n.T(ctx, "ui.people.duo", "marketing", marketing, "sales", sales)
}
