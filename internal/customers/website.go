package customers

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// ParseWebsite reads the address of a page as people write it: with or without
// https:// and www. It gives the whole address and the domain that belongs to one
// holder. Other schemes, local names and bare numbers are refused, and so is a
// name with a password in front.
func ParseWebsite(s string) (page, domain string, ok bool) {
	if len(s) > 2000 {
		return "", "", false
	}
	s = strings.Trim(tidy(s), "<>\"' ,;")
	if s == "" || strings.ContainsAny(s, " \\\"<>`{}|^") {
		return "", "", false
	}
	scheme, rest := "https", s
	if i := strings.Index(s, "://"); i >= 0 {
		scheme, rest = strings.ToLower(s[:i]), s[i+3:]
	} else if strings.HasPrefix(s, "//") {
		rest = s[2:]
	}
	if scheme != "http" && scheme != "https" {
		return "", "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	host, port, ported := strings.Cut(host, ":")
	if ported && (len(port) == 0 || len(port) > 5 || !onlyDigits(port)) {
		return "", "", false
	}
	host, problem := readDomain(strings.TrimSuffix(host, "."))
	if problem != "" {
		return "", "", false
	}
	if tail == "/" {
		tail = ""
	}
	if tail != "" {
		u, err := url.Parse(tail)
		if err != nil || u.Host != "" || u.Scheme != "" {
			return "", "", false
		}
		tail = u.String()
		if tail != "" && tail[0] != '/' {
			tail = "/" + tail
		}
	}
	page = scheme + "://" + host
	if ported && (scheme == "https" && port != "443" || scheme == "http" && port != "80") {
		page += ":" + port
	}
	return page + tail, registrable(host), true
}

// Domain gives the domain of an e-mail address or a page that belongs to one
// holder: "achats@lyon.example.co.uk" gives "example.co.uk". It is empty when
// there is none.
func Domain(emailOrURL string) string {
	s := emailOrURL
	if strings.Contains(s, "@") && !strings.Contains(s, "://") {
		address, ok := ParseEmail(s)
		if !ok {
			return ""
		}
		return registrable(address[strings.LastIndexByte(address, '@')+1:])
	}
	_, domain, _ := ParseWebsite(s)
	return domain
}

// registrable falls back on the host itself where it is a public suffix, or has
// an ending that no list knows.
func registrable(host string) string {
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}
