package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
)

// T-B04: each bit of a small archive, each length.
func TestEveryFlippedBitAndEveryCutIsRefused(t *testing.T) {
	keys := secret.Generate()
	archive := read(t, newSource(t, db.SQLite, keys).archive())
	if _, err := verify(bytes.NewReader(archive), int64(len(archive)), keys); err != nil {
		t.Fatal("the archive itself:", err)
	}
	for i := range archive {
		for bit := range 8 {
			archive[i] ^= 1 << bit
			_, err := verify(bytes.NewReader(archive), int64(len(archive)), keys)
			archive[i] ^= 1 << bit
			want := ErrAltered
			if i < 3 {
				want = ErrNotBackup // it no longer begins as one
			}
			if !errors.Is(err, want) {
				t.Fatalf("bit %d of byte %d of %d: got %v, want %v", bit, i, len(archive), err, want)
			}
		}
	}
	for n := range archive {
		_, err := verify(bytes.NewReader(archive[:n]), int64(n), keys)
		if !errors.Is(err, ErrTruncated) && !(n < 3 && errors.Is(err, ErrNotBackup)) {
			t.Fatalf("cut after %d bytes of %d: %v", n, len(archive), err)
		}
	}
	for _, more := range []string{"x", "\x00", string(archive), string(archive[len(archive)-sealSize:])} {
		long := append(slices.Clone(archive), more...)
		if _, err := verify(bytes.NewReader(long), int64(len(long)), keys); !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrAltered) {
			t.Errorf("%d bytes behind the end: %v", len(more), err)
		}
	}
}

// refused restores an archive into a fresh place of each of some engines and expects an
// error and no change at all.
func refused(t *testing.T, archive []byte, o Options, engines ...db.Engine) []error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	var out []error
	for _, e := range engines {
		target := newStore(t, e)
		before := state(t, target)
		_, err := Restore(t.Context(), path, target, o)
		if err == nil {
			t.Fatalf("%s: the archive was restored", e)
		}
		if after := state(t, target); after != before {
			t.Errorf("%s: a refused archive (%v) changed the place from:\n%s\nto:\n%s", e, err, before, after)
		}
		out = append(out, err)
	}
	return out
}

func TestARefusedArchiveChangesNothing(t *testing.T) {
	keys := secret.Generate()
	archive := read(t, newSource(t, db.SQLite, keys).archive())
	o := Options{Keys: keys, Migrations: steps}
	flipped := slices.Clone(archive)
	flipped[len(flipped)/2] ^= 4
	items := unpack(t, archive)
	swap := func(name, from, to string) []item {
		out := slices.Clone(items)
		for i := range out {
			if out[i].name == name || (name == "documents" && (out[i].name == headerName || out[i].name == manifestName)) {
				out[i].data = strings.Replace(out[i].data, from, to, 1)
			}
		}
		return out
	}
	var newer NewerError
	var other OtherKeyError
	for name, c := range map[string]struct {
		archive []byte
		o       Options
		is      func(error) bool
		says    string
	}{
		"a flipped bit":   {flipped, o, is(ErrAltered), "altered or damaged"},
		"a cut file":      {archive[:len(archive)-1], o, is(ErrTruncated), "cut short"},
		"an empty file":   {nil, o, is(ErrTruncated), "cut short"},
		"another file":    {[]byte("SQLite format 3\x00" + strings.Repeat("x", 5000)), o, is(ErrNotBackup), "not a backup"},
		"another gzip":    {archive[:len(archive)-sealSize], o, is(ErrTruncated), "cut short"},
		"another key":     {archive, Options{Keys: secret.Generate(), Migrations: steps}, func(err error) bool { return errors.As(err, &other) }, "--key-file"},
		"a newer schema":  {forge(t, keys, swap("documents", `"schema": 2`, `"schema": 3`)), o, func(err error) bool { return errors.As(err, &newer) }, "database is 3 and this program knows 2"},
		"a newer form":    {forge(t, keys, swap("documents", `"format": 1`, `"format": 2`)), o, func(err error) bool { return errors.As(err, &newer) }, "form is 2 and this program knows 1"},
		"a form of later": {forge(t, keys, []item{{name: headerName, data: `{"format":9,"tables":"elsewhere"}`}}), o, func(err error) bool { return errors.As(err, &newer) }, "newer release"},
		"a forged seal":   {sealed(archive[:len(archive)-sealSize], secret.Generate()), o, is(ErrForged), "not sealed with the key"},
		"an older schema that has other tables": {forge(t, keys, swap("documents", `"schema": 2`, `"schema": 1`)), o,
			func(error) bool { return true }, "is not what this program makes of that version"},
		"rows that break a reference": {reseal(t, keys, items, "tables/moves/000001.jsonl", `["z",-5]`, `["?",-5]`), o,
			func(error) bool { return true }, "restore"},
		"a row twice": {reseal(t, keys, items, "tables/teams/000001.jsonl", `"t2"`, `"t1"`), o, func(error) bool { return true }, "table teams"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range refused(t, c.archive, c.o, dbtest.Engines()...) {
				if !c.is(err) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v, want it to say %q", err, c.says)
				}
			}
		})
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

// T-B07.
func TestAHostileArchiveIsRefused(t *testing.T) {
	keys := secret.Generate()
	items := unpack(t, read(t, newSource(t, db.SQLite, keys).archive()))
	at := func(name string) int { return slices.IndexFunc(items, func(it item) bool { return it.name == name }) }
	end, file := at(manifestName), at(filesDir+"ab/abcdef")
	if end != len(items)-1 || file < 0 {
		t.Fatal("the archive is not as this test thinks:", items)
	}
	add := func(i int, it item) []item { return slices.Insert(slices.Clone(items), i, it) }
	change := func(i int, f func(*item)) []item {
		out := slices.Clone(items)
		f(&out[i])
		return out
	}
	part := at("tables/accounts/000001.jsonl")
	cases := map[string][]item{
		"nothing":                        nil,
		"no header":                      items[1:],
		"no manifest":                    items[:end],
		"a manifest in the middle":       append(add(1, items[end]), item{name: "files/x", data: "x"}),
		"something behind the manifest":  append(slices.Clone(items), item{name: "files/x", data: "x"}),
		"an entry of its own":            add(1, item{name: "run.sh", data: "rm"}),
		"a missing part":                 slices.Delete(slices.Clone(items), part, part+1),
		"a missing file":                 slices.Delete(slices.Clone(items), file, file+1),
		"an exchanged file":              change(file, func(it *item) { it.data = "other file" }),
		"an exchanged row":               change(part, func(it *item) { it.data = strings.Replace(it.data, "plain", "pl@in", 1) }),
		"a row that is no list":          change(part, func(it *item) { it.data = "{}\n" }),
		"a row that is two":              change(part, func(it *item) { it.data = "[1][2]\n" }),
		"a row that is too short":        change(part, func(it *item) { it.data = "[1]\n" }),
		"a value that is a list":         change(part, func(it *item) { it.data = `[[],null,null,null,null,null,null]` + "\n" }),
		"a value that is a strange form": change(part, func(it *item) { it.data = `[{"x":1},null,null,null,null,null,null]` + "\n" }),
		"a cut row":                      change(part, func(it *item) { it.data = strings.TrimSuffix(it.data, "\n") }),
		"an empty part":                  change(part, func(it *item) { it.data = "" }),
		"a part out of order":            change(part, func(it *item) { it.name = "tables/accounts/000002.jsonl" }),
		"a part of an unknown table":     change(part, func(it *item) { it.name = "tables/users/000001.jsonl" }),
		"a part behind the files":        add(end, item{name: "tables/teams/000002.jsonl", data: "[\"t3\",null]\n"}),
		"a header that is no JSON":       change(0, func(it *item) { it.data = "{" }),
		"a header without versions":      change(0, func(it *item) { it.data = "{}" }),
		"a manifest that is no JSON":     change(end, func(it *item) { it.data = "{" }),
		"another header":                 change(0, func(it *item) { it.data = strings.Replace(it.data, "the-one", "the-two", 1) }),
		"a manifest with more tables": change(end, func(it *item) {
			it.data = strings.Replace(it.data, `"tables": [`, `"tables": [{"name":"x","columns":[]},`, 1)
		}),
		"a manifest with more files": change(end, func(it *item) {
			it.data = strings.Replace(it.data, `"files": [`, `"files": [{"path":"x","size":1,"sha256":"x"},`, 1)
		}),
	}
	for _, kind := range []byte{tar.TypeSymlink, tar.TypeLink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo} {
		cases["an entry of kind "+string(kind)] = add(file, item{name: "files/x", kind: kind, link: "/etc/passwd"})
	}
	for _, name := range []string{"../x", "/etc/x", "a/../../x", "..", ".", "a//b", "a/./b", `..\x`, `c:\x`, ".ssh/x", "a/.x", "-rf", "é",
		"a b", "a\nb", strings.Repeat("x", 400), strings.Repeat("x/", 20) + "x", "con:"} {
		cases["a file named "+name] = add(file, item{name: "files/" + name, data: "x"})
	}
	for _, name := range []string{`teams"; drop table x; --`, "Teams", "", "ünit", strings.Repeat("x", 64), "../teams"} {
		cases["a table named "+name] = documents(items, `"name": "teams"`, `"name": `+quoted(name))
		cases["a column named "+name] = documents(items, `"name": "leader_id"`, `"name": `+quoted(name))
	}
	cases["a table twice"] = documents(items, `"name": "teams"`, `"name": "accounts"`)
	cases["a column twice"] = documents(items, `"name": "leader_id"`, `"name": "id"`)
	cases["a column of another type"] = documents(items, `"type": "bigint"`, `"type": "xml"`)
	for name, forged := range cases {
		t.Run(name, func(t *testing.T) {
			for _, err := range refused(t, forge(t, keys, forged), Options{Keys: keys, Migrations: steps}, db.SQLite) {
				if !errors.Is(err, ErrHostile) {
					t.Errorf("got %v, want it refused as hostile", err)
				}
			}
		})
	}
	for name, body := range map[string][]byte{
		"no gzip":                     append([]byte{0x1f, 0x8b, 8}, bytes.Repeat([]byte{0xff}, 500)...),
		"two streams":                 slices.Concat(body(forge(t, keys, items)), body(forge(t, keys, items))),
		"a stream that is no archive": body(sealedText(t, keys, "hello")),
		"a broken stream":             broken(body(forge(t, keys, items))),
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range refused(t, sealed(body, keys), Options{Keys: keys, Migrations: steps}, db.SQLite) {
				if !errors.Is(err, ErrHostile) {
					t.Error(err)
				}
			}
		})
	}
}

// Two files of one name are in the manifest twice, so only the folder objects.
func TestTheSameFileTwiceIsRefused(t *testing.T) {
	keys := secret.Generate()
	items := unpack(t, read(t, newSource(t, db.SQLite, keys).archive()))
	i := slices.IndexFunc(items, func(it item) bool { return it.name == filesDir+"ab/abcdef" })
	twice := slices.Insert(slices.Clone(items), i, items[i])
	var m Manifest
	if err := json.Unmarshal([]byte(twice[len(twice)-1].data), &m); err != nil {
		t.Fatal(err)
	}
	m.Files = append([]File{m.Files[0]}, m.Files...)
	data, _ := json.Marshal(m)
	twice[len(twice)-1].data = string(data)
	for _, err := range refused(t, forge(t, keys, twice), Options{Keys: keys, Migrations: steps}, db.SQLite) {
		if !errors.Is(err, ErrHostile) || !strings.Contains(err.Error(), "two files") {
			t.Error(err)
		}
	}
}

func documents(items []item, from, to string) []item {
	out := slices.Clone(items)
	for i := range out {
		if out[i].name == headerName || out[i].name == manifestName {
			out[i].data = strings.Replace(out[i].data, from, to, 1)
		}
	}
	return out
}

// reseal changes rows and the manifest with them, as only the owner of the key can.
func reseal(t *testing.T, keys *secret.Keys, items []item, name, from, to string) []byte {
	t.Helper()
	out := slices.Clone(items)
	for i := range out {
		if out[i].name != name {
			continue
		}
		old := sumOf(out[i].data)
		out[i].data = strings.Replace(out[i].data, from, to, 1)
		last := &out[len(out)-1]
		if out[i].data == items[i].data || !strings.Contains(last.data, old) {
			t.Fatal("nothing to change in", name)
		}
		last.data = strings.Replace(last.data, old, sumOf(out[i].data), 1)
	}
	return forge(t, keys, out)
}

func body(archive []byte) []byte { return archive[:len(archive)-sealSize] }

func broken(b []byte) []byte {
	b = slices.Clone(b)
	copy(b[len(b)/2:], bytes.Repeat([]byte{0xff}, 20))
	return b
}

func sealedText(t *testing.T, keys *secret.Keys, text string) []byte {
	t.Helper()
	return forge(t, keys, []item{{name: text}})
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
