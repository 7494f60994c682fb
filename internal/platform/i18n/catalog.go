package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"text/template/parse"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// message is one key in one language. A plain message has the single form other.
type message struct {
	key    string
	forms  map[string]string
	params []string // every {{.name}} of any form, sorted
	plural bool
	file   string
}

type catalog map[string]*message

func (c catalog) keys() []string {
	keys := make([]string, 0, len(c))
	for k := range c {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (c catalog) messages() []*goi18n.Message {
	out := make([]*goi18n.Message, 0, len(c))
	for _, key := range c.keys() {
		f := c[key].forms
		out = append(out, &goi18n.Message{
			ID: key, Zero: f["zero"], One: f["one"], Two: f["two"], Few: f["few"], Many: f["many"], Other: f["other"],
		})
	}
	return out
}

var (
	pluralForms  = []string{"zero", "one", "two", "few", "many", "other"}
	reservedKeys = append([]string{"id", "description", "hash", "leftdelim", "rightdelim", "translation"}, pluralForms...)
	keyPart      = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// readAll gathers the message files of all file systems, by language.
func readAll(fsyss ...fs.FS) (map[string]catalog, error) {
	catalogs := map[string]catalog{English: {}, French: {}, FrenchOfQuebec: {}}
	var problems []error
	for i, fsys := range fsyss {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			lang, dir := strings.TrimSuffix(path.Base(name), ".json"), path.Dir(name)
			if d.IsDir() {
				if name != "." && skipDir(path.Base(name)) {
					return fs.SkipDir
				}
				return nil
			}
			if path.Ext(name) != ".json" || catalogs[lang] == nil || dir != "." && path.Base(dir) != "locales" {
				return nil
			}
			raw, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			if err := catalogs[lang].read(name, raw); err != nil {
				problems = append(problems, err)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("i18n: file system %d: %w", i+1, err)
		}
	}
	return catalogs, errors.Join(problems...)
}

// read adds the messages of one file. The decoder is walked token by token because json.Unmarshal would silently
// keep the last of two equal keys.
func (c catalog) read(file string, raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	tree, err := readNode(dec)
	if err != nil {
		return fmt.Errorf("i18n: %s: %w", file, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("i18n: %s: text after the end of the object", file)
	}
	if tree.fields == nil {
		return fmt.Errorf("i18n: %s: the file must be an object", file)
	}
	var problems []error
	c.add(file, "", tree, &problems)
	return errors.Join(problems...)
}

// node is a text or an object with its keys in the order of the file.
type node struct {
	text   string
	names  []string
	fields map[string]node
}

func readNode(dec *json.Decoder) (node, error) {
	tok, err := dec.Token()
	if err != nil {
		return node{}, err
	}
	switch v := tok.(type) {
	case string:
		return node{text: v}, nil
	case json.Delim:
		if v != '{' {
			return node{}, fmt.Errorf("lists are not messages (at byte %d)", dec.InputOffset())
		}
	default:
		return node{}, fmt.Errorf("%v is neither a text nor an object (at byte %d)", tok, dec.InputOffset())
	}
	n := node{fields: map[string]node{}}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return node{}, err
		}
		child, err := readNode(dec)
		if err != nil {
			return node{}, err
		}
		key := name.(string)
		if _, twice := n.fields[key]; twice {
			return node{}, fmt.Errorf("key %q is written twice in one object (at byte %d)", key, dec.InputOffset())
		}
		n.names = append(n.names, key)
		n.fields[key] = child
	}
	_, err = dec.Token()
	return n, err
}

func (c catalog) add(file, prefix string, n node, problems *[]error) {
	fail := func(format string, args ...any) {
		*problems = append(*problems, fmt.Errorf("i18n: "+file+": "+format, args...))
	}
	for _, name := range n.names {
		key, child := strings.TrimPrefix(prefix+"."+name, "."), n.fields[name]
		switch {
		case slices.Contains(reservedKeys, strings.ToLower(name)):
			fail("key %q: the name %q is reserved by the message format; choose another", key, name)
		case !keyPart.MatchString(name):
			fail("key %q: only letters, digits, - and _ may stand in a key", key)
		case child.fields == nil:
			c.put(file, key, map[string]string{"other": child.text}, false, fail)
		case isPlural(child):
			forms := map[string]string{}
			for form, text := range child.fields {
				forms[form] = text.text
			}
			c.put(file, key, forms, true, fail)
		default:
			c.add(file, key, child, problems)
		}
	}
}

// isPlural tells an object of plural forms from an object of messages: at least two forms, other among them,
// nothing else. Anything between the two falls through to the refusal of reserved names.
func isPlural(n node) bool {
	if _, ok := n.fields["other"]; !ok || len(n.fields) < 2 {
		return false
	}
	for name, child := range n.fields {
		if child.fields != nil || !slices.Contains(pluralForms, name) {
			return false
		}
	}
	return true
}

func (c catalog) put(file, key string, forms map[string]string, plural bool, fail func(string, ...any)) {
	if before, ok := c[key]; ok {
		fail("key %q is already written in %s", key, before.file)
		return
	}
	m := &message{key: key, forms: forms, plural: plural, file: file}
	for form, text := range forms {
		if strings.TrimSpace(text) == "" {
			fail("key %q: the text (%s) is empty", key, form)
			return
		}
		params, err := placeholders(text)
		if err != nil {
			fail("key %q: %v", key, err)
			return
		}
		m.params = append(m.params, params...)
	}
	sort.Strings(m.params)
	m.params = slices.Compact(m.params)
	c[key] = m
}

// placeholders lists the names in a text. Messages may hold {{.name}} and nothing else of the template language:
// translators are not programmers, and a template that can call can be made to misbehave.
func placeholders(text string) ([]string, error) {
	trees, err := parse.Parse("message", text, "{{", "}}", nil)
	if err != nil {
		return nil, fmt.Errorf("cannot be read as a message: %w", err)
	}
	tree := trees["message"]
	if tree == nil || tree.Root == nil {
		return nil, nil
	}
	if len(trees) > 1 {
		return nil, errors.New("only {{.name}} may stand between braces")
	}
	var names []string
	for _, n := range tree.Root.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			name, ok := fieldOf(n)
			if !ok {
				return nil, fmt.Errorf("only {{.name}} may stand between braces, not %s", n)
			}
			names = append(names, name)
		default:
			return nil, fmt.Errorf("only {{.name}} may stand between braces, not %s", n)
		}
	}
	return names, nil
}

func fieldOf(n *parse.ActionNode) (string, bool) {
	if len(n.Pipe.Decl) != 0 || len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 1 {
		return "", false
	}
	field, ok := n.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return "", false
	}
	return field.Ident[0], true
}
