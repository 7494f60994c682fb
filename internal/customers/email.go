package customers

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// The lengths of RFC 5321: a longer address can be given to no mail server.
const (
	longestLocal   = 64
	longestDomain  = 253
	longestAddress = 254
)

// ParseEmail reads one address as people give it: with blanks around, after
// "mailto:", between angle brackets, behind a display name. It gives it in lower
// case with the domain in ASCII. Shapes that only a standard knows (quoted local
// parts, comments, numeric hosts, accents before the @) are refused: no person
// has such an address, and few programs can write to one.
func ParseEmail(s string) (address string, ok bool) {
	address, problem := readEmail(s)
	return address, problem == ""
}

// EmailProblem gives the key of the message that says what to mend in an
// address, or nothing when it can be used.
func EmailProblem(s string) string {
	_, problem := readEmail(s)
	if problem == "" {
		return ""
	}
	return "customers.errors.email." + problem
}

// SplitEmails gives the parts of a cell that holds several addresses, each as it
// was typed. A display name keeps its comma: "Dupont, Marie <m@x.fr>" is one.
func SplitEmails(s string) []string {
	if strings.Count(s, "@") < 2 {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		return []string{s}
	}
	var out []string
	rest := ""
	for _, part := range strings.FieldsFunc(s, func(r rune) bool {
		return r == ';' || r == ',' || r == '|' || r == '/' || r == '\n' || r == '\r' || r == '\t'
	}) {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case !strings.Contains(part, "@"):
			rest = strings.TrimSpace(rest + " " + part)
		case strings.Count(part, "@") > 1 && !strings.ContainsAny(part, "<\"("):
			out = append(out, strings.Fields(strings.TrimSpace(rest+" "+part))...)
			rest = ""
		default:
			out = append(out, strings.TrimSpace(rest+" "+part))
			rest = ""
		}
	}
	if rest != "" {
		out = append(out, rest)
	}
	return out
}

// readEmail gives the canonical address, or the end of the key of what is wrong.
func readEmail(s string) (address, problem string) {
	if len(s) > longestRead {
		return "", "local_long"
	}
	s = bareEmail(s)
	if s == "" {
		return "", "empty"
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return "", "at_missing"
	}
	local, domain := s[:at], s[at+1:]
	switch {
	case local == "":
		return "", "local_missing"
	case strings.ContainsAny(local, "\"\\()") || strings.ContainsAny(domain, "()"):
		return "", "quoted"
	case strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, ";,"):
		if strings.Count(s, "@") > 1 {
			return "", "several"
		}
		return "", "blank"
	case strings.Contains(local, "@"):
		return "", "at_twice"
	case domain == "":
		return "", "domain_missing"
	}
	local, problem = readLocal(local)
	if problem != "" {
		return "", problem
	}
	domain, problem = readDomain(domain)
	if problem != "" {
		return "", problem
	}
	if len(local)+1+len(domain) > longestAddress {
		return "", "domain_long"
	}
	return local + "@" + domain, ""
}

// bareEmail takes off what surrounds an address.
func bareEmail(s string) string {
	for {
		before := s
		s = strings.TrimFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == ';' || r == ','
		})
		if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
			s, _, _ = strings.Cut(s[7:], "?")
		}
		if strings.HasSuffix(s, ">") {
			if i := strings.LastIndexByte(s, '<'); i >= 0 {
				s = s[i+1 : len(s)-1]
			}
		}
		if n := len(s); n > 2 && (s[0] == '\'' || s[0] == '"') && s[n-1] == s[0] {
			s = s[1 : n-1]
		}
		if s == before {
			return s
		}
	}
}

func readLocal(local string) (canonical, problem string) {
	if len(local) > longestLocal {
		return "", "local_long"
	}
	for i := 0; i < len(local); i++ {
		c := local[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '.':
			if i == 0 || i == len(local)-1 || local[i-1] == '.' {
				return "", "local_dots"
			}
		case c >= 0x80:
			return "", "local_accents"
		case strings.IndexByte("!#$%&'*+/=?^`{|}~", c) < 0:
			return "", "local_sign"
		}
	}
	return strings.ToLower(local), ""
}

// readDomain gives the domain of an address or of a page in lower case and
// ASCII, or the end of the key of what is wrong with it.
func readDomain(domain string) (canonical, problem string) {
	if len(domain) > longestDomain {
		return "", "domain_long"
	}
	domain = strings.ToLower(domain)
	if foreign(domain) {
		ascii, err := domainNames.ToASCII(domain)
		if err != nil {
			return "", "domain_sign"
		}
		domain = ascii
	}
	labels, start := 1, 0
	for i := 0; i <= len(domain); i++ {
		if i < len(domain) {
			switch c := domain[i]; {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '.':
			case c == '[', c == ':':
				return "", "domain_number"
			default:
				return "", "domain_sign"
			}
		}
		if i < len(domain) && domain[i] != '.' {
			continue
		}
		label := domain[start:i]
		switch {
		case label == "":
			return "", "domain_dots"
		case len(label) > 63:
			return "", "domain_long"
		case label[0] == '-', label[len(label)-1] == '-':
			return "", "domain_hyphen"
		}
		if i < len(domain) {
			labels++
			start = i + 1
		}
	}
	end := domain[start:]
	switch {
	case labels < 2:
		return "", "domain_ends"
	case strings.Trim(domain, "0123456789.") == "":
		return "", "domain_number"
	case len(end) < 2, strings.ContainsAny(end, "0123456789-") && !strings.HasPrefix(end, "xn--"):
		return "", "domain_ends"
	}
	return domain, ""
}

// domainNames reads names in other scripts as a browser would.
var domainNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// foreign tells that a domain needs the rules for other scripts: it has such
// letters, or claims to be the ASCII form of some.
func foreign(domain string) bool {
	for i := 0; i < len(domain); i++ {
		if domain[i] >= 0x80 {
			return true
		}
	}
	return strings.Contains(domain, "xn--")
}
