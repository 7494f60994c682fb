package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/api"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

var update = flag.Bool("update", false, "write testdata/openapi.golden.json anew")

// document is what the tests read of the OpenAPI document.
type document struct {
	Info       map[string]any                       `json:"info"`
	Paths      map[string]map[string]map[string]any `json:"paths"`
	Components struct {
		SecuritySchemes map[string]map[string]any `json:"securitySchemes"`
	} `json:"components"`
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
}

// served gives the document as a program fetches it.
func served(t *testing.T) (*apptest.App, []byte) {
	t.Helper()
	a := apptest.New(t, dbtest.Open(t, db.SQLite, clock.System{}))
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest("GET", api.Prefix+"/openapi.json", nil))
	if w.Code != 200 {
		t.Fatalf("openapi.json: %d %s", w.Code, w.Body)
	}
	return a, w.Body.Bytes()
}

// TestTheServedDocumentIsTheOneReviewed makes each change of the API a line in
// a diff: go test ./internal/app -run Document -update
func TestTheServedDocumentIsTheOneReviewed(t *testing.T) {
	_, body := served(t)
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	info, _ := all["info"].(map[string]any)
	info["version"] = "of the build" // not a matter of the API
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "openapi.golden.json")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		g, w := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("line %d: served %q, reviewed %q (-update writes it anew)", i+1, g[i], w[i])
			}
		}
		t.Fatalf("served %d lines, reviewed %d (-update writes it anew)", len(g), len(w))
	}
}

// TestTheDocumentListsExactlyTheOperations compares it with the router: no
// operation more, none less, each with its permission and its need of a token.
func TestTheDocumentListsExactlyTheOperations(t *testing.T) {
	a, body := served(t)
	var doc document
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	if s := doc.Components.SecuritySchemes["token"]; s["type"] != "http" || s["scheme"] != "bearer" {
		t.Errorf("the scheme of tokens reads %v", s)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != api.Prefix {
		t.Errorf("the servers read %v", doc.Servers)
	}
	left := map[string]map[string]any{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			left[strings.ToUpper(method)+" "+api.Prefix+path] = op
		}
	}
	ids := map[any]string{}
	n := 0
	for _, rt := range a.Routes() {
		if !isAPI(rt) {
			continue
		}
		n++
		op := left[rt.Pattern]
		delete(left, rt.Pattern)
		if op == nil {
			t.Errorf("%s is not in the document", rt.Pattern)
			continue
		}
		if op["x-permission"] != string(rt.Perm) {
			t.Errorf("%s says permission %v, the router %s", rt.Pattern, op["x-permission"], rt.Perm)
		}
		if security, _ := json.Marshal(op["security"]); string(security) != `[{"token":[]}]` {
			t.Errorf("%s says security %s", rt.Pattern, security)
		}
		if op["summary"] == nil || op["operationId"] == nil {
			t.Errorf("%s has no summary or no name", rt.Pattern)
		}
		if twin := ids[op["operationId"]]; twin != "" {
			t.Errorf("%s and %s are both called %v", rt.Pattern, twin, op["operationId"])
		}
		ids[op["operationId"]] = rt.Pattern
	}
	for pattern := range left {
		t.Errorf("the document lists %s, which does not exist", pattern)
	}
	if n == 0 {
		t.Error("no operation was found")
	}
}
