package log

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// New makes a logger that writes lines of form "text" or "json" from level
// "debug", "info", "warn" or "error" on.
func New(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q is none of debug, info, warn, error", level)
	}
	opts := &slog.HandlerOptions{Level: l, ReplaceAttr: hide}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("log format %q is neither text nor json", format)
}

// Hidden stands in a log line for what it may not hold.
const Hidden = "[hidden]"

// hiddenWords are the words that a key of an attribute may not hold as one of
// its parts: "user_email", "smtpPassword" and "X-Token" are hidden, "token_id"
// is not: ids are what logs are for.
var hiddenWords = regexp.MustCompile(`(?i)(^|[^a-z])(passwords?|passwd|secrets?|tokens?|cookies?|authorization|e?mails?|phones?|address(es)?|` +
	`given_name|family_name|full_name|display_name|birth(day|date)?|body|recipients?|to|from|cc|bcc)($|[^a-z])`)

var (
	mailAddress = regexp.MustCompile(`[\pL\pN._%+\-]+@[\pL\pN.\-]+\.\pL{2,}`)
	urlPassword = regexp.MustCompile(`(://[^/\s:@]*:)[^/\s@]*@`)
	camel       = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

func hide(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
		return a
	}
	if !strings.HasSuffix(a.Key, "_id") && hiddenWords.MatchString(camel.ReplaceAllString(a.Key, "${1}_${2}")) {
		return slog.String(a.Key, Hidden)
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Mask(v.String()))
	case slog.KindAny:
		switch x := v.Any().(type) {
		case error:
			return slog.String(a.Key, Mask(x.Error()))
		case fmt.Stringer:
			return slog.String(a.Key, Mask(x.String()))
		case []string:
			return slog.String(a.Key, Mask(strings.Join(x, " ")))
		}
	}
	return a
}

// Mask hides mail addresses, and passwords in addresses, in a text.
func Mask(s string) string {
	if strings.Contains(s, "://") {
		s = urlPassword.ReplaceAllString(s, "${1}"+Hidden+"@")
	}
	if strings.Contains(s, "@") {
		s = mailAddress.ReplaceAllString(s, "[mail]")
	}
	return s
}
