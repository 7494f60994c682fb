package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// problems is what the browser complained about; it is filled on the browser's goroutine.
type problems struct {
	host string

	mu      sync.Mutex
	found   []string
	allowed []string
	asked   map[network.RequestID]string
}

func (p *problems) add(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = append(p.found, text)
}

// take gives what was found so far but what is allowed, and forgets it.
func (p *problems) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, f := range p.found {
		allowed := false
		for _, a := range p.allowed {
			allowed = allowed || strings.Contains(f, a)
		}
		if !allowed {
			out = append(out, f)
		}
	}
	p.found = nil
	return out
}

func (p *problems) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" {
			p.add("console: %s", texts(e.Args))
		}
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		text := d.Text
		if d.Exception != nil {
			text += " " + d.Exception.Description
		}
		p.add("exception: %s (%s:%d)", text, d.URL, d.LineNumber+1)
	case *log.EventEntryAdded:
		// What the network log says about statuses is judged below, where it is known what was asked for.
		if e.Entry.Source != "network" && (e.Entry.Level == "error" || e.Entry.Source == "security") {
			p.add("%s: %s (%s:%d)", e.Entry.Source, e.Entry.Text, e.Entry.URL, e.Entry.LineNumber+1)
		}
	case *network.EventRequestWillBeSent:
		p.hearRequest(e)
	case *network.EventResponseReceived:
		s := e.Response.Status
		answer := e.Type == network.ResourceTypeDocument || e.Type == network.ResourceTypeFetch || e.Type == network.ResourceTypeXHR
		if s >= 500 || s >= 400 && !answer {
			p.add("answer %d: %s", s, e.Response.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" {
			p.mu.Lock()
			asked := p.asked[e.RequestID]
			p.mu.Unlock()
			p.add("not loaded: %s: %s %s", asked, e.ErrorText, e.BlockedReason)
		}
	}
}

func (p *problems) hearRequest(e *network.EventRequestWillBeSent) {
	p.mu.Lock()
	if p.asked == nil {
		p.asked = map[network.RequestID]string{}
	}
	p.asked[e.RequestID] = e.Request.URL
	p.mu.Unlock()
	if e.Type == network.ResourceTypeCSPViolationReport {
		p.add("report of the content security policy sent to %s", e.Request.URL)
	}
	u, err := url.Parse(e.Request.URL)
	if err != nil || strings.HasPrefix(u.Scheme, "http") && u.Host != p.host || strings.HasPrefix(u.Scheme, "ws") && u.Host != p.host {
		p.add("request to another host: %s", e.Request.URL)
	}
}

func texts(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, string(a.Value))
		}
	}
	return strings.Join(out, " ")
}
