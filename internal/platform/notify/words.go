package notify

import (
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
)

// sentence writes a notice in the language and the time zone of a reader.
func sentence(loc *i18n.Localizer, it Item) string {
	params := make(map[string]any, len(it.Params))
	for name, v := range it.Params {
		params[name] = v
		switch {
		case strings.HasSuffix(name, "_at"):
			if at, ok := instant(v); ok {
				params[name] = loc.DateTime(at.Go())
			}
		case strings.HasSuffix(name, "_on"):
			if day, ok := v.(string); ok {
				params[name] = loc.Day(day)
			}
		}
	}
	return loc.M(it.Kind, params)
}

// instant reads a time from JSON, where it is a number like any other.
func instant(v any) (db.Time, bool) {
	switch v := v.(type) {
	case float64:
		return db.Time(v), true
	case int64:
		return db.Time(v), true
	case db.Time:
		return v, true
	}
	return 0, false
}

func (v Voice) mark() mail.Mark {
	switch v {
	case Marketing:
		return mail.Marketing
	case Sales:
		return mail.Sales
	case Joint:
		return mail.Joint
	}
	return mail.NoMark
}

// icon shows the urgency beside its sentence.
func (u Urgency) icon() string {
	switch u {
	case Direct:
		return "at-sign"
	case Urgent:
		return "zap"
	}
	return "bell"
}
