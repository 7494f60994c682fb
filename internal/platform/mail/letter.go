package mail

import (
	"bytes"
	"context"
	"strings"

	"unisson/internal/platform/i18n"
)

// Letter is the content of a mail in parts. Its words are already in the reader's language. Addresses may begin
// with "/": they are completed with the public address of the program.
type Letter struct {
	Greeting   string
	Paragraphs []string
	Sections   []Section
	Action     *Action  // the one thing to do
	After      []string // small print below the action
	Settings   string   // address of the page where the reader chooses what reaches him; empty: none
}

// Action is the button of a letter.
type Action struct{ Label, URL string }

// Section is a titled list.
type Section struct {
	Title string
	Lines []Line
}

// Line is one entry of a section.
type Line struct {
	Mark   Mark
	Text   string
	Detail string // when, from whom
	URL    string // may be empty
}

// Mark says whose voice a line is: the signature of the product, in characters.
type Mark int

// The marks.
const (
	NoMark Mark = iota
	Marketing
	Sales
	Joint
)

// sign is the mark as a character.
func (m Mark) sign() string {
	switch m {
	case Marketing:
		return "●"
	case Sales:
		return "■"
	case Joint:
		return "–"
	}
	return "·"
}

// class names the ink of the mark in the letter's style block.
func (m Mark) class() string {
	switch m {
	case Marketing:
		return "mkt"
	case Sales:
		return "sales"
	case Joint:
		return "joint"
	}
	return "ink3"
}

// setting is what the layout needs beside the letter.
type setting struct {
	subject string
	to      string
	host    string
	product string
	preview string // what a mailbox shows beside the subject
	letter  Letter
}

// paragraphs makes a letter of a plain text: blank lines part its paragraphs.
func paragraphs(text string) Letter {
	var l Letter
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			l.Paragraphs = append(l.Paragraphs, p)
		}
	}
	return l
}

// compose sets a letter as text and as HTML, from the same words.
func (s *Service) compose(loc *i18n.Localizer, m Message) (text, html string, err error) {
	letter := s.complete(*m.Letter)
	set := setting{subject: m.Subject, to: m.To, host: s.host, product: s.conf.Product, letter: letter}
	if len(letter.Paragraphs) > 0 {
		set.preview = letter.Paragraphs[0]
	}
	ctx := i18n.With(context.Background(), loc)
	var b bytes.Buffer
	if err := layout(set).Render(ctx, &b); err != nil {
		return "", "", err
	}
	return set.text(loc), b.String(), nil
}

// complete makes every address of a letter absolute.
func (s *Service) complete(l Letter) Letter {
	abs := func(u string) string {
		if strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//") {
			return strings.TrimSuffix(s.conf.PublicURL, "/") + u
		}
		return u
	}
	l.Settings = abs(l.Settings)
	if l.Action != nil {
		l.Action = &Action{Label: l.Action.Label, URL: abs(l.Action.URL)}
	}
	sections := make([]Section, len(l.Sections))
	for i, sec := range l.Sections {
		sections[i].Title = sec.Title
		for _, line := range sec.Lines {
			line.URL = abs(line.URL)
			sections[i].Lines = append(sections[i].Lines, line)
		}
	}
	l.Sections = sections
	return l
}

// text is the letter as plain text.
func (s setting) text(loc *i18n.Localizer) string {
	var b strings.Builder
	block := func(lines ...string) {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(strings.Join(lines, "\n"))
	}
	l := s.letter
	if l.Greeting != "" {
		block(l.Greeting)
	}
	for _, p := range l.Paragraphs {
		block(p)
	}
	for _, sec := range l.Sections {
		var lines []string
		if sec.Title != "" {
			lines = append(lines, sec.Title)
		}
		for _, line := range sec.Lines {
			entry := line.Mark.sign() + " " + line.Text
			if line.Detail != "" {
				entry += " (" + line.Detail + ")"
			}
			lines = append(lines, entry)
			if line.URL != "" {
				lines = append(lines, "  "+line.URL)
			}
		}
		block(lines...)
	}
	if l.Action != nil {
		block(loc.T("mail.text.action", "label", l.Action.Label), l.Action.URL)
	}
	for _, p := range l.After {
		block(p)
	}
	foot := []string{"-- ", loc.T("mail.footer.sent", "to", s.to, "product", s.product, "host", s.host)}
	if l.Settings != "" {
		foot = append(foot, loc.T("mail.text.action", "label", loc.T("mail.footer.settings")), l.Settings)
	}
	block(foot...)
	return b.String() + "\n"
}

// ink is the colour of the mark, for programs that drop the style block.
func (m Mark) ink() string {
	switch m {
	case Marketing:
		return "color:#d2578e;"
	case Sales:
		return "color:#105483;"
	case Joint:
		return "color:#3e2959;"
	}
	return "color:#686470;"
}
