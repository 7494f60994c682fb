package team_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/api"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web"
)

// program calls the API as somebody's token lets it.
type program struct {
	t     *testing.T
	app   *apptest.App
	clock *clock.Fake
	token string
}

// programs seeds a company on each engine and gives the token of its administrator.
func programs(t *testing.T, people int, fn func(t *testing.T, p *program)) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))
	dbtest.EachAt(t, clk, func(t *testing.T, d *db.DB) {
		p := &program{t: t, app: seeded(t, d, 11, people), clock: clk}
		fn(t, p.as("administrator", "read", "write", "admin"))
	})
}

// as is the same program with a token of somebody who holds a role.
func (p *program) as(role string, scopes ...string) *program {
	p.t.Helper()
	q := *p
	q.token = p.app.Token(p.t, p.app.Person(p.t, role).ID, scopes...)
	return &q
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (p *program) call(method, path, body string, headers ...string) answer {
	p.t.Helper()
	p.clock.Advance(100 * time.Millisecond) // no more calls a second than are allowed
	return p.send(method, path, body, headers...)
}

func (p *program) send(method, path, body string, headers ...string) answer {
	r := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.app.ServeHTTP(w, r)
	return answer{w, p.t}
}

// is checks the status; a refusal must be a problem document that says the same.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%d, want %d: %s", a.Code, status, a.Body)
	}
	if status >= 400 {
		var p web.Problem
		if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil || p.Status != status || p.Title == "" || a.Header().Get("Content-Type") != "application/problem+json" {
			a.t.Fatalf("no problem document: %s %s", a.Header().Get("Content-Type"), a.Body)
		}
	}
	return a
}

// object reads the body.
func (a answer) object() map[string]any {
	a.t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.Body.Bytes(), &out); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	return out
}

func (a answer) items() []map[string]any {
	a.t.Helper()
	var out []map[string]any
	for _, i := range a.object()["items"].([]any) {
		out = append(out, i.(map[string]any))
	}
	return out
}

const nobody = "01890000-0000-7000-8000-000000000000"

func TestAPIListWalksEveryPersonOnceInOrder(t *testing.T) {
	programs(t, 130, func(t *testing.T, p *program) {
		whole := p.call("GET", "/people?limit=200", "").is(200).items()
		if len(whole) < 130 {
			t.Fatalf("%d people on one page, want at least 130", len(whole))
		}
		for _, limit := range []int{7, 50, 60, 120} {
			var walked []map[string]any
			for cursor := ""; ; {
				page := p.call("GET", fmt.Sprintf("/people?limit=%d&cursor=%s", limit, cursor), "").is(200)
				walked = append(walked, page.items()...)
				cursor, _ = page.object()["next"].(string)
				if cursor == "" || len(walked) > len(whole) {
					break
				}
				if len(page.items()) != limit {
					t.Fatalf("limit %d: a page of %d with more to come", limit, len(page.items()))
				}
			}
			if !slices.EqualFunc(walked, whole, func(a, b map[string]any) bool { return a["id"] == b["id"] }) {
				t.Errorf("limit %d: walked %d of %d people, or in another order", limit, len(walked), len(whole))
			}
		}
		for _, c := range []string{"x", api.Cursor("a"), api.Cursor("\x00", "\x00"), api.Cursor("a", "b", "c")} {
			p.call("GET", "/people?cursor="+url.QueryEscape(c), "").is(400)
		}
	})
}

func TestAPIFiltersNarrowTheList(t *testing.T) {
	programs(t, 60, func(t *testing.T, p *program) {
		all := p.call("GET", "/people?limit=200", "").is(200).items()
		some := all[slices.IndexFunc(all, func(m map[string]any) bool {
			return m["region_id"] != nil && m["department_id"] != nil && m["unit_id"] != nil && len(m["products"].([]any)) > 0 && len(m["segments"].([]any)) > 0
		})]
		first := func(list string) string { return fmt.Sprint(some[list].([]any)[0]) }
		for filter, value := range map[string]string{"q": fmt.Sprint(some["family"]), "role": first("roles"), "department": fmt.Sprint(some["department_id"]),
			"unit": fmt.Sprint(some["unit_id"]), "region": fmt.Sprint(some["region_id"]), "product": first("products"), "segment": first("segments"), "language": first("languages")} {
			got := p.call("GET", "/people?limit=200&"+url.Values{filter: {value}}.Encode(), "").is(200).items()
			if len(got) == 0 || len(got) >= len(all) && filter != "language" || !slices.ContainsFunc(got, func(m map[string]any) bool { return m["id"] == some["id"] }) {
				t.Errorf("%s=%s finds %d of %d people", filter, value, len(got), len(all))
			}
		}
		for bad, status := range map[string]int{"role=king": 422, "limit=0": 422, "limit=201": 422, "limit=x": 400, "owner=me": 400, "q=" + strings.Repeat("a", 201): 422} {
			p.call("GET", "/people?"+bad, "").is(status)
		}
	})
}

func TestAPIProfileIsSavedAgainstTheVersionRead(t *testing.T) {
	programs(t, 20, func(t *testing.T, p *program) {
		mine := p.as("salesperson", "read", "write")
		me := mine.call("GET", "/me", "").is(200).object()["person"].(map[string]any)
		path := "/people/" + me["id"].(string)
		etag := mine.call("GET", path, "").is(200).Header().Get("ETag")
		saved := mine.call("PATCH", path, `{"title":" Sells pumps ","languages":["fr","en"],"hours":[{"day":"friday","open":"9-12"}]}`, "If-Match", etag).is(200)
		o := saved.object()
		if o["title"] != "Sells pumps" || fmt.Sprint(o["languages"]) != "[en fr]" && fmt.Sprint(o["languages"]) != "[fr en]" || fmt.Sprint(o["hours"]) != "[map[day:friday open:09:00-12:00]]" {
			t.Errorf("saved %v", o)
		}
		if saved.Header().Get("ETag") == etag || o["given"] != me["given"] {
			t.Errorf("ETag %s, was %s; given name %v", saved.Header().Get("ETag"), etag, o["given"])
		}
		if again := mine.call("GET", path, "").is(200); again.Header().Get("ETag") != saved.Header().Get("ETag") || again.Body.String() != saved.Body.String() {
			t.Error("what was saved is not what is read")
		}
		dbtest.Unchanged(t, p.app.DB, func() {
			stale := mine.call("PATCH", path, `{"title":"Other"}`, "If-Match", etag).is(409)
			if stale.object()["code"] != "errors.kind.stale" {
				t.Errorf("a conflict says %s", stale.Body)
			}
			now := saved.Header().Get("ETag")
			mine.call("PATCH", path, `{"title":"Other"}`).is(422)
			mine.call("PATCH", path, `{"title":"Other"}`, "If-Match", "seven").is(400)
			mine.call("PATCH", path, `{"role":"administrator"}`, "If-Match", now).is(400)
			mine.call("PATCH", path, `{"department_id":"`+nobody+`"}`, "If-Match", now).is(403)
			mine.call("PATCH", path, `{"phone":"never"}`, "If-Match", now).is(422)
			mine.call("PATCH", path, `{"about":"a\u0000b"}`, "If-Match", now).is(400)
			mine.call("PATCH", path, `{"title":`, "If-Match", now).is(400)
			mine.call("PATCH", "/people/"+p.app.Person(t, "administrator").ID, `{"title":"x"}`, "If-Match", `"1"`).is(403)
			p.call("PATCH", path, `{"region_id":"`+nobody+`"}`, "If-Match", now).is(422)
			bad := p.call("PATCH", path, `{"manager_id":"`+me["id"].(string)+`"}`, "If-Match", now).is(422)
			if !strings.Contains(bad.Body.String(), `"location":"manager_id"`) {
				t.Errorf("a wrong field is not named as in the body: %s", bad.Body)
			}
		}, "api_tokens")
	})
}

func TestAPIScopesSayWhatATokenMayWrite(t *testing.T) {
	programs(t, 20, func(t *testing.T, p *program) {
		reads := p.as("salesperson", "read")
		own := "/people/" + p.app.Person(t, "salesperson").ID
		etag := reads.call("GET", own, "").is(200).Header().Get("ETag")
		guest, self := p.as("guest", "read", "write"), "/people/"+p.app.Person(t, "guest").ID
		sells, makes := p.as("salesperson", "read", "write"), p.as("product_manager", "read")
		stranger := *p
		stranger.token = "uns_nothing"
		dbtest.Unchanged(t, p.app.DB, func() {
			reads.call("PATCH", own, `{"title":"x"}`, "If-Match", etag).is(403)
			reads.call("POST", own+"/absences", `{"from":"2026-04-01"}`).is(403)
			reads.call("DELETE", own+"/absences/"+nobody, "").is(403)
			makes.call("POST", "/teams", `{"name":"x","mandate":"y"}`).is(403)
			sells.call("POST", "/teams", `{"name":"x","mandate":"y"}`).is(403)
			guest.call("PATCH", self, `{"title":"x"}`, "If-Match", `"1"`).is(403)
			stranger.call("GET", "/people", "").is(401)
		}, "api_tokens", "throttles") // where wrong keys are counted
		may := reads.call("GET", "/me", "").is(200).object()["permissions"]
		if fmt.Sprint(may) != "[team.read]" {
			t.Errorf("a reading token may %v", may)
		}
	})
}

func TestAPITeamIsFormedOnceHoweverOftenItIsAsked(t *testing.T) {
	programs(t, 20, func(t *testing.T, p *program) {
		before := len(p.call("GET", "/teams", "").is(200).items())
		lead := p.app.Person(t, "administrator").ID
		body := `{"name":"Launch of the P4","mandate":"Ten first customers","lead_id":"` + lead + `","ends_on":"2026-09-30","members":[{"person_id":"` + lead + `","part":"all"},{"person_id":"` + lead + `"}]}`
		p.clock.Advance(time.Minute)
		answers := make([]answer, 20)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = p.send("POST", "/teams", body, "Idempotency-Key", "launch") })
		}
		wg.Wait()
		for _, a := range answers {
			a.is(201)
			if a.Body.String() != answers[0].Body.String() || a.Header().Get("Location") != answers[0].Header().Get("Location") {
				t.Fatalf("answers differ: %s and %s", answers[0].Body, a.Body)
			}
		}
		if n := len(p.call("GET", "/teams", "").is(200).items()); n != before+1 {
			t.Errorf("%d teams were formed", n-before)
		}
		made := p.call("GET", strings.TrimPrefix(answers[0].Header().Get("Location"), api.Prefix), "").is(200)
		if made.Body.String() != answers[0].Body.String() || made.Header().Get("ETag") != answers[0].Header().Get("ETag") {
			t.Errorf("read %s, made %s", made.Body, answers[0].Body)
		}
		if members := made.object()["members"].([]any); len(members) != 1 {
			t.Errorf("%d members, want one", len(members))
		}
		dbtest.Unchanged(t, p.app.DB, func() {
			p.call("POST", "/teams", body, "Idempotency-Key", "another").is(422) // the name is taken
			p.call("POST", "/teams", `{"name":"x","mandate":"y","members":[{"person_id":"`+nobody+`"}]}`).is(422)
			p.call("POST", "/teams", `{"name":"x","mandate":"y","ends_on":"2020-01-01"}`).is(422)
			p.call("POST", "/teams", `{"name":"x","mandate":"y","ends_on":"0000-13-45"}`).is(422)
			p.call("POST", "/teams", `{"name":"x"}`).is(422)
		}, "api_tokens")
	})
}

func TestAPIAbsencesAreSetAndCancelled(t *testing.T) {
	programs(t, 20, func(t *testing.T, p *program) {
		mine := p.as("marketer", "read", "write")
		path := "/people/" + p.app.Person(t, "marketer").ID + "/absences"
		deputy := p.app.Person(t, "administrator").ID
		made := mine.call("POST", path, `{"from":"2026-04-01","to":"2026-04-03","deputy_id":"`+deputy+`"}`).is(201).object()
		if got := mine.call("GET", path, "").is(200).items(); len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(made) || made["to"] != "2026-04-03" {
			t.Errorf("read %v, made %v", got, made)
		}
		for body, field := range map[string]string{`{"from":"2026-04-02"}`: "from", `{"from":"2026-05-02","to":"2026-05-01"}`: "to", `{"from":"2026-05-02","deputy_id":"` + nobody + `"}`: "deputy_id"} {
			if a := mine.call("POST", path, body).is(422); !strings.Contains(a.Body.String(), `"location":"`+field+`"`) {
				t.Errorf("%s: %s", body, a.Body)
			}
		}
		p.call("DELETE", "/people/"+deputy+"/absences/"+made["id"].(string), "").is(404) // not his
		mine.call("DELETE", path+"/"+made["id"].(string), "").is(204)
		mine.call("DELETE", path+"/"+made["id"].(string), "").is(404)
		if got := mine.call("GET", path, "").is(200).items(); len(got) != 0 {
			t.Errorf("after the cancellation: %v", got)
		}
	})
}

func TestAPIReadsCompanyAndGuide(t *testing.T) {
	programs(t, 60, func(t *testing.T, p *program) {
		reads := p.as("guest", "read")
		for _, path := range []string{"/departments", "/units", "/regions", "/teams", "/situations"} {
			if len(reads.call("GET", path, "").is(200).items()) == 0 {
				t.Errorf("%s is empty", path)
			}
		}
		proposed := 0
		for _, s := range reads.call("GET", "/situations", "").is(200).items() {
			a := reads.call("GET", "/situations/"+s["id"].(string)+"/proposals?tier=A", "", "Accept-Language", "fr").is(200).object()
			for _, pr := range a["proposals"].([]any) {
				proposed++
				if len(pr.(map[string]any)["reasons"].([]any)) == 0 {
					t.Errorf("%v: somebody is proposed without a reason", s["name"])
				}
			}
			if s["code"] != nil {
				reads.call("GET", "/situations/"+s["code"].(string)+"/proposals", "").is(200)
			}
		}
		if proposed == 0 {
			t.Error("nobody was proposed")
		}
		for _, path := range []string{"/people/" + nobody, "/people/" + nobody + "/absences", "/teams/" + nobody, "/situations/" + nobody + "/proposals", "/nothing"} {
			reads.call("GET", path, "").is(404)
		}
		reads.call("GET", "/people/%00", "").is(400)
	})
}

// TestAPIWritesRefuseFieldsThatAreNotTheirs sends what a forger would (T-A06).
func TestAPIWritesRefuseFieldsThatAreNotTheirs(t *testing.T) {
	programs(t, 20, func(t *testing.T, p *program) {
		me := p.app.Person(t, "administrator").ID
		etag := p.call("GET", "/people/"+me, "").is(200).Header().Get("ETag")
		writes := map[string]string{"PATCH /people/" + me: `"title":"x"`, "POST /people/" + me + "/absences": `"from":"2026-04-01"`, "POST /teams": `"name":"x","mandate":"y"`}
		n := 0
		for _, rt := range p.app.Routes() {
			if strings.HasPrefix(rt.Path(), api.Prefix) && (rt.Method() == "POST" || rt.Method() == "PATCH" || rt.Method() == "PUT") {
				n++
			}
		}
		if n != len(writes) {
			t.Errorf("%d operations take a body, %d are tried here", n, len(writes))
		}
		dbtest.Unchanged(t, p.app.DB, func() {
			for op, body := range writes {
				method, path, _ := strings.Cut(op, " ")
				for _, extra := range []string{"owner", "role", "roles", "consent", "amount", "credit_share", "created_at", "id", "version", "status", "email", "ended_at", "person_id"} {
					p.call(method, path, `{`+body+`,"`+extra+`":"x"}`, "If-Match", etag).is(400)
				}
			}
		}, "api_tokens")
	})
}

// TestAPINeverFailsWhateverIsAsked asks every operation with values that a
// seed chooses; nothing may be our fault (Z-02).
func TestAPINeverFailsWhateverIsAsked(t *testing.T) {
	const calls = 2000
	programs(t, 20, func(t *testing.T, p *program) {
		rnd := rand.New(rand.NewPCG(3, 5))
		people := p.call("GET", "/people?limit=200", "").is(200).items()
		situations := p.call("GET", "/situations", "").is(200).items()
		id := func() string {
			switch rnd.IntN(6) {
			case 0:
				return situations[rnd.IntN(len(situations))]["id"].(string)
			case 1:
				return strange(rnd)
			}
			return people[rnd.IntN(len(people))]["id"].(string)
		}
		value := func() string {
			if rnd.IntN(3) == 0 {
				return id()
			}
			return strange(rnd)
		}
		names := []string{"q", "role", "department", "unit", "region", "product", "segment", "skill", "language", "cursor", "limit", "tier", "type"}
		fields := []string{"given", "family", "title", "phone", "channel", "city", "country", "about", "hours", "languages", "skills", "products", "segments",
			"department_id", "unit_id", "region_id", "manager_id", "from", "to", "deputy_id", "note", "name", "mandate", "lead_id", "ends_on", "members"}
		var ops []string
		for _, rt := range p.app.Routes() {
			if strings.HasPrefix(rt.Path(), api.Prefix) {
				ops = append(ops, rt.Pattern)
			}
		}
		answered := map[int]int{}
		for i := range calls {
			method, path, _ := strings.Cut(ops[rnd.IntN(len(ops))], " ")
			path = strings.TrimPrefix(path, api.Prefix)
			for strings.Contains(path, "{") {
				from, to := strings.Index(path, "{"), strings.Index(path, "}")
				path = path[:from] + url.PathEscape(id()) + path[to+1:]
			}
			query := url.Values{}
			for range rnd.IntN(3) {
				query.Set(names[rnd.IntN(len(names))], value())
			}
			if rnd.IntN(4) > 0 {
				query.Del("limit")
			}
			body := map[string]any{}
			switch {
			case strings.HasSuffix(path, "/absences"):
				body["from"] = "2026-0" + fmt.Sprint(1+rnd.IntN(9)) + "-1" + fmt.Sprint(rnd.IntN(10))
			case path == "/teams":
				body["name"], body["mandate"], body["members"] = value(), value(), []any{map[string]any{"person_id": id(), "part": strange(rnd)}}
			}
			for range rnd.IntN(3) {
				body[fields[rnd.IntN(len(fields))]] = anything(rnd, value)
			}
			sent, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			if rnd.IntN(20) == 0 {
				sent = []byte(strange(rnd))
			}
			headers := []string{"If-Match", fmt.Sprintf(`"%d"`, 1+rnd.IntN(3))}
			if rnd.IntN(5) == 0 {
				headers = append(headers, "Idempotency-Key", fmt.Sprint(i))
			}
			target := path
			if len(query) > 0 {
				target += "?" + query.Encode()
			}
			a := p.call(method, target, string(sent), headers...)
			answered[a.Code]++
			if a.Code >= 500 {
				t.Errorf("call %d: %s %s %s: %d %s", i, method, target, sent, a.Code, a.Body)
			}
		}
		t.Log("answers by status:", answered)
		if answered[200] < calls/20 || answered[404] == 0 || answered[422] == 0 || answered[429] > 0 {
			t.Errorf("the answers are not varied: %v", answered)
		}
	})
}

// strange picks a text that has broken programs before.
func strange(rnd *rand.Rand) string {
	all := []string{"", " ", "a", "é", "\x00", "a\x00b", "\xff\xfe", "'", "\"", "\\", "%", "_", "';--", "../..", "{}", "null", "[]", "-1", "0", "1", "200", "99999999999999999999",
		"1e9", "NaN", "2026-02-30", "2026-04-01", "9999-12-31", "0000-00-00", "fr", "FR", "A", "email", "salesperson", "pompes", "\u202e", "\U0001F600", "ﬁ", "İ", "ß",
		strings.Repeat("x", 121), strings.Repeat("é", 3000), api.Cursor("a", "b"), api.Cursor("\x00", "\x00"), "bnVsbA", "\r\n", "<script>", "Straße Москва 東京"}
	return all[rnd.IntN(len(all))]
}

// anything picks a value of any kind that JSON has.
func anything(rnd *rand.Rand, text func() string) any {
	switch rnd.IntN(9) {
	case 0:
		return nil
	case 1:
		return rnd.IntN(2) == 0
	case 2:
		return (rnd.Float64() - 0.5) * 1e20
	case 3:
		return []any{text(), text()}
	case 4:
		return map[string]any{"day": "monday", "open": text()}
	case 5:
		return []any{map[string]any{"day": "tuesday", "open": text()}}
	}
	return text()
}
