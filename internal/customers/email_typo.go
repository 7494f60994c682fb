package customers

import (
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// FreeMail tells whether a domain gives mailboxes to everybody, so that it says
// nothing about an employer and its addresses count as a consumer's. The list is
// that of FreeMailVersion.
func FreeMail(domain string) bool {
	domain = strings.TrimPrefix(strings.ToLower(domain), "www.")
	return freeMail()[domain]
}

// RoleAddress tells whether an address belongs to a function and not to one
// person: info@, compta@, no-reply@. The list is that of RoleVersion.
func RoleAddress(address string) bool {
	local, _, found := strings.Cut(address, "@")
	if !found {
		return false
	}
	local, _, _ = strings.Cut(local, "+")
	key := plain(local)
	first, _, several := strings.Cut(key, " ")
	if several {
		if leadingRoles()[first] {
			return true
		}
		key = strings.ReplaceAll(key, " ", "")
	}
	key = strings.TrimRight(key, "0123456789")
	return roles()[key]
}

// SuggestEmail gives the address that was probably meant when the domain looks
// like a typing error of a popular one (gmail.con, hotnail.fr), or has an ending
// that exists nowhere but is one letter off a common one. It gives nothing when
// the domain is known, or near nothing. It reads refused addresses too
// ("anne@gmail"), and only ever proposes.
func SuggestEmail(address string) string {
	address = bareEmail(address)
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || len(address) > longestAddress {
		return ""
	}
	domain := suggestDomain(strings.ToLower(address[at+1:]))
	if domain == "" {
		return ""
	}
	if meant, ok := ParseEmail(address[:at+1] + domain); ok {
		return meant
	}
	return ""
}

func suggestDomain(domain string) string {
	if freeMail()[domain] || realDomains()[domain] {
		return ""
	}
	trimmed := strings.TrimRight(domain, "?`'\"!.,;:> ")
	if trimmed != domain && freeMail()[trimmed] {
		return trimmed
	}
	if meant := nearestPopular(trimmed); meant != "" {
		return meant
	}
	return mendedEnding(trimmed)
}

// nearestPopular compares with the popular domains. A short name has too many
// honest neighbours: below five letters only its ending may be wrong, and the
// second error is forgiven only when the first letter stands.
func nearestPopular(domain string) string {
	name, ending, _ := strings.Cut(domain, ".")
	if name == "gmail" {
		return "gmail.com"
	}
	best, distance := "", 3
	for _, p := range popularDomains() {
		if p.name == name && (len(ending) < 2 || ending == p.ending+"."+p.ending) {
			return p.domain
		}
		gap := len(p.domain) - len(domain)
		if gap > 2 || gap < -2 {
			continue
		}
		allowed := 2
		switch {
		case len(p.name) < 5:
			if p.name != name {
				continue
			}
			allowed = 1
		case len(domain) == 0 || domain[0] != p.domain[0]:
			allowed = 1
		}
		// A real ending of another country is not an error: yahoo.ro, orange.sn.
		if p.name == name && ending != "" && len(ending) == 2 && len(p.ending) == 2 && realEnding(domain) {
			continue
		}
		if d := damerau(p.domain, domain, min(allowed, distance-1)); d <= allowed && d < distance {
			best, distance = p.domain, d
		}
	}
	return best
}

// mendedEnding puts a common ending in the place of one that does not exist.
func mendedEnding(domain string) string {
	dot := strings.LastIndexByte(domain, '.')
	if dot <= 0 || realEnding(domain) {
		return ""
	}
	end := domain[dot+1:]
	if len(end) < 2 {
		return ""
	}
	for _, right := range []string{"com", "net", "org"} {
		if damerau(right, end, 1) == 1 {
			return domain[:dot+1] + right
		}
	}
	switch end {
	case "rf", "frr", "ffr", "fr0":
		return domain[:dot+1] + "fr"
	}
	return ""
}

// realEnding tells whether the last label of a domain is one that exists.
func realEnding(domain string) bool {
	suffix, listed := publicsuffix.PublicSuffix(domain)
	return listed || strings.Contains(suffix, ".")
}

// damerau counts the single errors (a letter wrong, missing, added, two swapped)
// between a and b, up to limit; it gives limit+1 for more.
func damerau(a, b string, limit int) int {
	const longest = 40
	if len(a) > longest || len(b) > longest || limit < 0 {
		return limit + 1
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][longest + 1]int
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(one[j]+1, now[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, two[j-2]+1)
			}
			now[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1
		}
		two, one, now = one, now, two
	}
	return min(one[len(b)], limit+1)
}

type popular struct{ domain, name, ending string }

var (
	freeMail       = sync.OnceValue(func() map[string]bool { return set(freeMailDomains) })
	realDomains    = sync.OnceValue(func() map[string]bool { return set(domainsNearPopular) })
	roles          = sync.OnceValue(func() map[string]bool { return set(roleNames) })
	leadingRoles   = sync.OnceValue(func() map[string]bool { return set(leadingRoleNames) })
	popularDomains = sync.OnceValue(func() []popular {
		var out []popular
		for _, d := range strings.Fields(oftenMistyped) {
			name, ending, _ := strings.Cut(d, ".")
			out = append(out, popular{d, name, ending})
		}
		return out
	})
)
