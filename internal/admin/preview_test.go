package admin

import (
	"slices"
	"strings"
	"testing"
)

func TestThePolicyOfAPreviewNamesTheStylesOfTheMailAndNothingElse(t *testing.T) {
	const page = `<!doctype html><html><head><style>p{color:red}</style></head>
		<body style="margin:0"><p style="margin:0">a</p><p STYLE='color:&quot;red&quot;'>b</p><img src="https://tracker.example/x.gif"/>
		<script>alert(1)</script></body></html>`
	got := styleHashes(page)
	// Computed with: printf %s TEXT | openssl dgst -sha256 -binary | base64
	want := []string{"'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='", "'sha256-q3nqK4VzeI/SowYCYQ/tCfo056B/JMutuSpzbJbHczk='", "'sha256-SkhGaXvJ+4hQy76U72eCF3GP8c6oHUE1R6FPe6FUues='"}
	if !slices.Equal(got, want) {
		t.Errorf("hashes %v, want %v", got, want)
	}
	policy := previewPolicy(page)
	for _, must := range []string{"sandbox;", "default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", want[0]} {
		if !strings.Contains(policy, must) {
			t.Errorf("the policy lacks %q: %s", must, policy)
		}
	}
	for _, never := range []string{"unsafe-inline", "unsafe-eval", "script-src", "https:", "allow-"} {
		if strings.Contains(policy, never) {
			t.Errorf("the policy holds %q", never)
		}
	}
	if p := previewPolicy("<p>plain</p>"); !strings.Contains(p, "style-src 'none'") {
		t.Error(p)
	}
	var many strings.Builder
	for i := range 500 {
		many.WriteString(`<p style="margin:` + strings.Repeat("1", i+1) + `px">`)
	}
	if p := previewPolicy(many.String()); len(p) > 8000 {
		t.Errorf("a header of %d bytes", len(p))
	}
}

func TestAddressesInATextAreLinked(t *testing.T) {
	got := linked("Open https://unisson.test/join/abc-1_2. Or not (http://a.test/?q=1&r=2)!\njavascript:alert(1) ftp://x.test")
	var links []string
	text := ""
	for _, p := range got {
		text += p.text
		if p.href != "" {
			links = append(links, p.href)
		}
	}
	if want := []string{"https://unisson.test/join/abc-1_2", "http://a.test/?q=1&r=2"}; !slices.Equal(links, want) {
		t.Errorf("links %v, want %v", links, want)
	}
	if !strings.HasPrefix(text, "Open https") || !strings.HasSuffix(text, "ftp://x.test") {
		t.Errorf("the text became %q", text)
	}
}
