package db

import "strings"

// Where gathers the conditions of a statement and its arguments. The zero value
// is ready to use.
type Where struct {
	text []string
	args []any
}

// And adds a condition; each $# in it becomes the next placeholder, for the next
// of args. The text is the program's own, never a user's.
func (w *Where) And(cond string, args ...any) {
	var b strings.Builder
	for i, part := range strings.Split(cond, "$#") {
		if i > 0 {
			b.WriteString(w.Arg(args[i-1]))
		}
		b.WriteString(part)
	}
	w.text = append(w.text, b.String())
}

// Arg gives the placeholder of one more argument.
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return In(len(w.args), 1)
}

// Args are the arguments so far, in the order of their placeholders.
func (w *Where) Args() []any { return w.args }

// String writes " where … and …", or nothing.
func (w *Where) String() string {
	if len(w.text) == 0 {
		return ""
	}
	return " where " + strings.Join(w.text, " and ")
}

// Marks writes n marks $# for And; none at all match nothing.
func Marks(n int) string {
	if n == 0 {
		return "null"
	}
	return strings.TrimSuffix(strings.Repeat("$#,", n), ",")
}
