package ui_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/platform/ui"
)

func fetch(method, address, encoding string) *http.Response {
	r := httptest.NewRequest(method, address, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	ui.Assets().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAssetsAreKeptForEverAndPacked(t *testing.T) {
	for name, kind := range map[string]string{
		"unisson.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "htmx.js": "text/javascript; charset=utf-8",
		"icons.svg": "image/svg+xml", "favicon.svg": "image/svg+xml", "hanken-grotesk-latin.woff2": "font/woff2",
	} {
		address := ui.Asset(name)
		if !regexp.MustCompile(`^/assets/[a-z-]+\.[0-9a-f]{12}\.[a-z0-9]+$`).MatchString(address) {
			t.Errorf("%s has the address %s", name, address)
		}
		plain := fetch("GET", address, "")
		if plain.StatusCode != 200 || plain.Header.Get("Content-Type") != kind || plain.Header.Get("Content-Encoding") != "" ||
			plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || plain.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s answered %d %v", name, plain.StatusCode, plain.Header)
		}
		whole := body(t, plain)
		packed := fetch("GET", address, "br;q=1, gzip;q=0.5")
		if name == "hanken-grotesk-latin.woff2" || name == "favicon.svg" {
			continue // nothing to gain, or too small to say
		}
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%s is not packed: %v", name, packed.Header)
		}
		reader, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(reader); err != nil || b.String() != whole {
			t.Errorf("%s unpacks to something else (%v)", name, err)
		}
		if refused := fetch("GET", address, "gzip;q=0, br"); refused.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s was packed for a reader who refuses gzip", name)
		}
	}
}

func TestAnotherHashOrFileIsNotFound(t *testing.T) {
	for _, address := range []string{"/assets/unisson.css", "/assets/unisson.000000000000.css", "/assets/", "/assets/../VENDOR", "/assets/vendor/htmx.min.js"} {
		if r := fetch("GET", address, ""); r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "" {
			t.Errorf("%s answered %d %v", address, r.StatusCode, r.Header)
		}
	}
	if r := fetch("POST", ui.Asset("app.js"), ""); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST answered %d", r.StatusCode)
	}
	if r := fetch("HEAD", ui.Asset("app.js"), ""); r.StatusCode != 200 || body(t, r) != "" || r.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD answered %d %v", r.StatusCode, r.Header)
	}
}

func TestTheStyleSheetNamesFilesThatExist(t *testing.T) {
	css := body(t, fetch("GET", ui.Asset("unisson.css"), ""))
	urls := regexp.MustCompile(`url\("?([^")]+)`).FindAllStringSubmatch(css, -1)
	if len(urls) < 2 {
		t.Fatalf("no fonts in the style sheet: %v", urls)
	}
	for _, u := range urls {
		if strings.HasPrefix(u[1], "#") {
			continue
		}
		if r := fetch("GET", ui.AssetPath+u[1], ""); r.StatusCode != 200 {
			t.Errorf("%s answered %d", u[1], r.StatusCode)
		}
	}
}

// TestVendoredFilesAreThoseRecorded compares every file that is not ours with VENDOR, both ways.
func TestVendoredFilesAreThoseRecorded(t *testing.T) {
	list, err := os.ReadFile("assets/VENDOR")
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) != 5 {
			t.Fatalf("a line is name, version, licence, file, SHA-256: %q", line)
		}
		content, err := os.ReadFile(filepath.Join("assets", f[3]))
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f[4] {
			t.Errorf("%s is not the file that was recorded", f[3])
		}
		recorded[f[3]] = true
	}
	for _, dir := range []string{"vendor", "fonts"} {
		files, err := os.ReadDir(filepath.Join("assets", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !recorded[dir+"/"+f.Name()] {
				t.Errorf("%s/%s is not recorded in VENDOR", dir, f.Name())
			}
		}
	}
}

var iconUse = regexp.MustCompile(`(?:Icon(?:Small|End)?|icon)(?:\(|: *)"([a-z0-9-]+)"|TagIcon\([A-Za-z.]+, "([a-z0-9-]+)"`)

// TestEveryIconNamedInTheHouseIsInTheSprite reads the templates and the Go
// files of the whole module: a missing icon would panic on its page only.
func TestEveryIconNamedInTheHouseIsInTheSprite(t *testing.T) {
	sprite, err := os.ReadFile("assets/vendor/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".templ") && (!strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range iconUse.FindAllSubmatch(source, -1) {
			name := string(m[1]) + string(m[2])
			found++
			if !bytes.Contains(sprite, []byte(`<symbol id="`+name+`"`)) {
				t.Errorf("%s: the sprite has no icon %q", path, name)
			}
		}
		return nil
	})
	if err != nil || found < 30 {
		t.Fatalf("found %d icons (%v)", found, err)
	}
}

// TestAFirstVisitWeighsLittle adds what the browser takes before it shows a
// list of 50 rows: page, style, scripts and icons, packed.
func TestAFirstVisitWeighsLittle(t *testing.T) {
	ctx := yann(reader(t, "fr"))
	page := render(t, ctx, listPage(ctx))
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	total := b.Len()
	t.Logf("page %d (%d unpacked)", b.Len(), len(page))
	for _, name := range []string{"unisson.css", "htmx.js", "app.js", "icons.svg"} {
		n := len(body(t, fetch("GET", ui.Asset(name), "gzip")))
		t.Logf("%s %d", name, n)
		total += n
	}
	t.Logf("total %d", total)
	if total > 60*1024 {
		t.Errorf("a first visit weighs %d bytes, more than 60 KB", total)
	}
}

func TestOurScriptsStaySmall(t *testing.T) {
	if n := len(body(t, fetch("GET", ui.Asset("app.js"), ""))); n > 15*1024 {
		t.Errorf("app.js has %d bytes, more than 15 KB", n)
	}
}
