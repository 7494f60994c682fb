package e2e_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"unisson/e2e"
)

const audit = `(() => { const out=[]; const seen=e=>{const r=e.getBoundingClientRect();const s=getComputedStyle(e);return r.width>0&&r.height>0&&s.visibility!=="hidden"};
const prim=[...document.querySelectorAll("main .btn.primary, dialog[open] .btn.primary")].filter(seen); if(prim.length>1) out.push("PRIMARY "+prim.map(e=>e.textContent.trim()).join(" | "));
for(const e of document.querySelectorAll("body *")){ if(!seen(e)) continue; const s=getComputedStyle(e);
 if((s.overflowX==="hidden"||s.textOverflow==="ellipsis")&&e.scrollWidth>e.clientWidth+1&&e.clientWidth>2&&!e.closest(".sr")&&e.textContent.trim()&&!e.title) out.push("CUT "+e.tagName+"."+e.className+": "+e.textContent.trim().slice(0,70)); }
for(const e of document.querySelectorAll("a,button,input:not([type=hidden]),select,summary")){ if(!seen(e)) continue; const r=e.getBoundingClientRect(); const inl=getComputedStyle(e).display==="inline"; const min=innerWidth<700?(inl?0:40):24;
 if(r.height<min&&!inl&&!e.matches("[type=checkbox],[type=radio],.sr,.sr *,.skip")) out.push("SMALL "+e.tagName+"."+e.className+" "+Math.round(r.width)+"x"+Math.round(r.height)+": "+(e.textContent.trim()||e.name).slice(0,40)); }
const t=document.body.innerText;
for(const m of t.match(/\b(team|ui|home|help|access|admin|notify|web|errors|jobs|mail|audit|auth|files)\.[a-z_]+\.[a-z_.]+/g)||[]) out.push("KEY "+m);
if(document.documentElement.lang.startsWith("fr")) for(const m of t.match(/.{0,25}( [;!?:»]|« |[^\s ][;!?](\s|$)|'[a-zéA-Z]|\.\.\.).{0,15}/g)||[]) out.push("TYPO "+m);
if(document.documentElement.scrollWidth>innerWidth) out.push("SIDEWAYS "+document.documentElement.scrollWidth);
return [...new Set(out)].join("\n") })()`

func shoot(t *testing.T, p *e2e.Page, w int64, name string) {
	tall := p.Eval(`(() => { const s = document.querySelector(".sheet") || document.documentElement; let extra = 0; for (const e of [s, ...s.querySelectorAll("*")]) { if (e.scrollHeight > e.clientHeight + 2 && /auto|scroll/.test(getComputedStyle(e).overflowY)) extra = Math.max(extra, e.scrollHeight - e.clientHeight) }; extra = Math.max(extra, document.documentElement.scrollHeight - innerHeight); return extra })()`)
	h, base := 0, 900
	if w < 700 {
		base = 844
	}
	fmt.Sscan(tall, &h)
	if h > 0 {
		p.Resize(w, int64(min(base+h+2, 2600)))
	}
	p.Screenshot(name)
	if out := p.Eval(audit); out != "" {
		t.Logf("AUDIT %s\n%s", name, out)
	}
	if h > 0 {
		p.Resize(w, int64(base))
	}
}

// SHOTS=path,path… PERSONA= LANG2= THEME= W= PRE=
func TestShots(t *testing.T) {
	if os.Getenv("SHOTS") == "" {
		t.Skip()
	}
	url := os.Getenv("DEMO")
	if url == "" {
		url = e2e.SharedDemo(t).URL
	}
	for _, run := range strings.Split(os.Getenv("SHOTS"), ";") { // persona|lang|theme|width|prefix|paths
		f := strings.Split(run, "|")
		w, _ := strconv.ParseInt(f[3], 10, 64)
		h := int64(900)
		if w < 700 {
			h = 844
		}
		p := e2e.Open(t, url, e2e.Look{Lang: f[1], Theme: f[2], Width: w, Height: h})
		p.Allow("404")
		p.Allow("422")
		p.Allow("401")
		p.Allow("409")
		if f[0] != "" {
			p.SignIn(f[0])
			p.Goto("/me")
			if p.Eval(`document.documentElement.lang`) != f[1] {
				p.SwitchTo(f[1])
			}
		} else if p.Goto("/sign-in"); p.Eval(`document.documentElement.lang`) != f[1] {
			p.SwitchTo(f[1])
		}
		for i, step := range strings.Fields(f[5]) {
			name := fmt.Sprintf("%s-%02d", f[4], i)
			parts := strings.Split(step, "~") // path~js~js (follow) ; !=key
			if parts[0] != "." {
				p.Goto(parts[0])
			}
			for _, a := range parts[1:] {
				switch {
				case strings.HasPrefix(a, "!"):
					p.Press(a[1:])
				case strings.HasPrefix(a, "="):
					p.Type(strings.ReplaceAll(a[1:], "+", " "))
				case strings.HasPrefix(a, "@"): // follow the first match
					href := p.Eval(`(document.querySelector(` + "`" + a[1:] + "`" + `)||{getAttribute(){return "/nothing-there"}}).getAttribute("href")`)
					p.Goto(href)
				default:
					p.Eval(strings.ReplaceAll(a, "+", " "))
					p.Eval(`new Promise(r => setTimeout(r, 700))`)
				}
			}
			p.Until(`document.readyState === "complete"`)
			shoot(t, p, w, name)
		}
	}
}
