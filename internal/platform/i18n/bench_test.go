package i18n

import "testing"

func BenchmarkMessageWithAParameter(b *testing.B) {
	bundle := MustLoad(files("en.json", `{"t":{"hello":"Hello {{.name}}"}}`))
	ctx := in(bundle, "en")
	for b.Loop() {
		T(ctx, "t.hello", "name", "Zoé")
	}
}
