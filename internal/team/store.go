package team

import (
	"strings"
	"time"

	"unisson/internal/platform/db"
)

// conditions gathers the where of a statement; add writes each $# as the next
// placeholder.
type conditions struct {
	text []string
	args []any
}

func (c *conditions) add(cond string, args ...any) {
	var b strings.Builder
	for i, part := range strings.Split(cond, "$#") {
		if i > 0 {
			b.WriteString(c.arg(args[i-1]))
		}
		b.WriteString(part)
	}
	c.text = append(c.text, b.String())
}

// arg gives the placeholder of one more argument.
func (c *conditions) arg(v any) string {
	c.args = append(c.args, v)
	return db.In(len(c.args), 1)
}

// marks writes n marks for add; none at all match nothing.
func marks(n int) string {
	if n == 0 {
		return "null"
	}
	return strings.TrimSuffix(strings.Repeat("$#,", n), ",")
}

// texts gives values of a named text type as texts.
func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func (c *conditions) where() string {
	if len(c.text) == 0 {
		return ""
	}
	return " where " + strings.Join(c.text, " and ")
}

// null stores an absent reference as null.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// changed makes the note of who changed a row last.
func changed(version int64, at db.Time, byID, by string) Changed {
	return Changed{Version: version, At: at.Go(), ByID: byID, By: strings.TrimSpace(by)}
}

// afterPrefix is the first text after every text that begins with p.
func afterPrefix(p string) string { return p + "\U0010ffff" }

func instant(t time.Time) db.Time { return db.At(t) }
