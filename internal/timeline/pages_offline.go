package timeline

import (
	_ "embed" // worker.js
	"encoding/json"
	"net/http"

	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

//go:embed worker.js
var workerScript []byte

// WorkerPath is the service worker: it stands below /touches/ and so is asked
// about nothing but the pages there.
const WorkerPath = "/touches/worker.js"

// offline is the quick log without anything of anybody: what a telephone keeps.
func (p *Pages) offline(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, offlinePage(logView{action: "/touches", now: p.Clock.Now(), form: logForm{Kind: string(QuickKinds()[0])}}))
}

// worker is the script that opens the quick log without network. Files are
// named by their content, so that a new release is a new script.
func (p *Pages) worker(w http.ResponseWriter, _ *http.Request) error {
	files, err := json.Marshal([]string{ui.Asset("unisson.css"), ui.Asset("htmx.js"), ui.Asset("app.js"), ui.Asset("icons.svg"), ui.Asset("favicon.svg"), ui.Asset("hanken-grotesk-latin.woff2")})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write([]byte("const FILES = ")) // a caller who went away is not our failure
	_, _ = w.Write(files)
	_, _ = w.Write([]byte(";\n"))
	_, _ = w.Write(workerScript)
	return nil
}
