package files

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Policy says what is accepted. Each place where people attach something has
// its own.
type Policy struct {
	MaxSize   int64    // bytes
	Types     []string // media types, as in the list of this file
	MaxPixels int      // of an image; 0: 25 million
	Thumbnail int      // longest side of the small picture in pixels; 0: none
}

// Images accepts photographs and drawings up to 10 MB.
func Images() Policy {
	return Policy{MaxSize: 10 << 20, Types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}, Thumbnail: 320}
}

// Documents accepts what offices exchange, images included, up to 25 MB.
func Documents() Policy {
	p := Policy{MaxSize: 25 << 20, Thumbnail: 320}
	for _, k := range kinds() {
		p.Types = append(p.Types, k.media)
	}
	return p
}

// kind is a media type with the ends of names that it may have, the usual one
// first, and what the bytes of such a file look like to http.DetectContentType.
type kind struct {
	media string
	ends  []string
	looks string
}

func kinds() []kind {
	const zip, text = "application/zip", "text/plain"
	return []kind{
		{"image/jpeg", []string{".jpg", ".jpeg"}, "image/jpeg"},
		{"image/png", []string{".png"}, "image/png"},
		{"image/gif", []string{".gif"}, "image/gif"},
		{"image/webp", []string{".webp"}, "image/webp"},
		{"application/pdf", []string{".pdf"}, "application/pdf"},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, zip},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}, zip},
		{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}, zip},
		{"application/vnd.oasis.opendocument.text", []string{".odt"}, zip},
		{"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}, zip},
		{"application/vnd.oasis.opendocument.presentation", []string{".odp"}, zip},
		{"application/zip", []string{".zip"}, zip},
		{"text/csv", []string{".csv"}, text},
		{"text/vcard", []string{".vcf"}, text},
		{"text/calendar", []string{".ics"}, text},
		{"text/plain", []string{".txt", ".md", ".log"}, text},
	}
}

// sniffed finds the kind of a file by its first bytes; its name only chooses
// among kinds whose bytes look the same.
func sniffed(head []byte, name string) (kind, bool) {
	looks, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if looks == "text/plain" && active(head) {
		return kind{}, false
	}
	end := strings.ToLower(path.Ext(name))
	var fallback kind
	for _, k := range kinds() {
		if k.looks != looks {
			continue
		}
		if slices.Contains(k.ends, end) {
			return k, true
		}
		if k.media == looks {
			fallback = k
		}
	}
	return fallback, fallback.media != ""
}

// active tells whether a text begins like a page, a drawing or a program: some
// reader would run it in spite of the type we would give it.
func active(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n\f\v")
	return bytes.HasPrefix(text, []byte("<")) || bytes.HasPrefix(text, []byte("#!"))
}

const maxName = 200

// cleanName makes the sender's name safe to show and to save under: no folder,
// no control or direction characters, no name that an operating system keeps
// for itself, an end that agrees with the kind.
func cleanName(name string, k kind) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), strings.ContainsRune(`<>:"|?*`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	end := path.Ext(name)
	if !slices.Contains(k.ends, strings.ToLower(end)) {
		if slices.ContainsFunc(kinds(), func(other kind) bool { return slices.Contains(other.ends, strings.ToLower(end)) }) {
			name = strings.TrimRight(strings.TrimSuffix(name, end), " .") // "photo.webp" becomes "photo.png"
		}
		end = k.ends[0]
		name += end
	}
	stem := strings.TrimRight(strings.TrimSuffix(name, end), " ")
	if stem == "" {
		stem = "file"
	}
	first, _, _ := strings.Cut(stem, ".")
	if reserved(strings.ToUpper(strings.TrimSpace(first))) {
		stem = "_" + stem
	}
	for utf8.RuneCountInString(stem)+len(end) > maxName || len(stem)+len(end) > 240 {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	return stem + end
}

func reserved(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	rest, isCOM := strings.CutPrefix(stem, "COM")
	if !isCOM {
		rest, isCOM = strings.CutPrefix(stem, "LPT")
	}
	return isCOM && utf8.RuneCountInString(rest) == 1 && strings.ContainsAny(rest, "0123456789¹²³")
}
