package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// AssetPath is where [Assets] is mounted. Every address below it names the
// content, so an answer may be kept for ever.
const AssetPath = "/assets/"

//go:embed assets
var embedded embed.FS

//go:embed locales
var locales embed.FS

// Locales holds the words of this package: locales/en.json and locales/fr.json.
func Locales() fs.FS { return locales }

// asset is one file as it leaves the house. packed is nil where gzip gains nothing.
type asset struct {
	body, packed []byte
	kind         string
}

// assetSet is built once and never changes afterwards.
type assetSet struct {
	files map[string]asset  // by hashed file name
	names map[string]string // plain name to hashed file name
	icons map[string]bool   // symbols of the sprite
}

var assets = sync.OnceValue(buildAssets)

// scripts is the order in which the small script files are joined into app.js.
// Each is wrapped in a block, so that none sees the names of another.
var scripts = [...]string{"theme", "layers", "palette", "keys", "toast", "outbox", "forms", "table", "time"}

var (
	cssURL     = regexp.MustCompile(`url\("fonts/([^"]+)"\)`)
	symbolName = regexp.MustCompile(`<symbol id="([^"]+)"`)
)

func buildAssets() *assetSet {
	s := &assetSet{files: map[string]asset{}, names: map[string]string{}, icons: map[string]bool{}}
	for _, font := range []string{"hanken-grotesk-latin.woff2", "hanken-grotesk-latin-ext.woff2"} {
		s.add(font, "font/woff2", read("fonts/"+font))
	}
	css := append(read("unisson.css"), read("app.css")...)
	css = cssURL.ReplaceAllFunc(css, func(m []byte) []byte {
		return []byte(`url("` + s.names[string(cssURL.FindSubmatch(m)[1])] + `")`)
	})
	s.add("unisson.css", "text/css; charset=utf-8", css)
	s.add("htmx.js", "text/javascript; charset=utf-8", read("vendor/htmx.min.js"))
	var js bytes.Buffer
	for _, name := range scripts {
		js.WriteString("{\n")
		js.Write(read("js/" + name + ".js"))
		js.WriteString("}\n")
	}
	s.add("app.js", "text/javascript; charset=utf-8", js.Bytes())
	s.add("icons.svg", "image/svg+xml", read("vendor/icons.svg"))
	s.add("favicon.svg", "image/svg+xml", read("favicon.svg"))
	for _, m := range symbolName.FindAllSubmatch(read("vendor/icons.svg"), -1) {
		s.icons[string(m[1])] = true
	}
	return s
}

// read panics on a missing file: what is embedded is fixed when the binary is built.
func read(name string) []byte {
	b, err := embedded.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

func (s *assetSet) add(name, kind string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	s.names[name] = hashed
	s.files[hashed] = asset{body: body, packed: pack(body), kind: kind}
}

func pack(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid constant
	_, _ = w.Write(body)                                  // a bytes.Buffer never fails
	_ = w.Close()
	if b.Len()*10 > len(body)*9 {
		return nil
	}
	return b.Bytes()
}

// Asset gives the address of an embedded file by its plain name, such as
// "unisson.css". An unknown name panics: it is a mistake of the page's author,
// met at the first rendering.
func Asset(name string) string {
	hashed, ok := assets().names[name]
	if !ok {
		panic("ui: no such asset: " + name)
	}
	return AssetPath + hashed
}

// Assets serves the embedded files below [AssetPath], for ever and packed. An
// address with another hash is not found, never another version of the file.
func Assets() http.Handler {
	set := assets()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := set.files[strings.TrimPrefix(r.URL.Path, AssetPath)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", file.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		body := file.body
		if file.packed != nil {
			h.Set("Vary", "Accept-Encoding")
			if takesGzip(r.Header.Get("Accept-Encoding")) {
				h.Set("Content-Encoding", "gzip")
				body = file.packed
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // a reader who left is no failure of ours
		}
	})
}

func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		weight, found := strings.CutPrefix(strings.TrimSpace(q), "q=")
		if !found {
			return true
		}
		v, err := strconv.ParseFloat(weight, 64)
		return err == nil && v > 0
	}
	return false
}

// iconHref gives the address of one icon of the sprite. A name that the sprite
// lacks panics, so that no page ships with a hole.
func iconHref(name string) string {
	if !assets().icons[name] {
		panic("ui: no such icon: " + name)
	}
	return Asset("icons.svg") + "#" + name
}
