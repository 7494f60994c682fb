package table

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// text is decoded text: all that readers of CSV, JSONL and vCard take.
type text struct {
	io.Reader
	exact bool // U+FFFD in it stood in the file, and is no sign of bytes that could not be read
}

// decode gives a file's text as UTF-8 without a byte order mark. Invalid UTF-8 stays as it is, for the row to be
// refused; in other encodings what cannot be decoded becomes U+FFFD.
func decode(r io.Reader, name string) (text, error) {
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return text{}, err
	}
	head = head[:n]
	if name == "utf-8" || name == "" {
		head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
		return text{io.MultiReader(bytes.NewReader(head), r), true}, nil
	}
	if strings.HasPrefix(name, "utf-16") && (bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF"))) {
		head = head[2:]
	}
	e := encodingOf(name)
	if e == nil {
		return text{}, refuse("imports.refused.encoding", "encoding", clip(name))
	}
	return text{transform.NewReader(io.MultiReader(bytes.NewReader(head), r), e.NewDecoder()), false}, nil
}

// decodeFor decodes for the format: a vCard may name its characters property by property, so its bytes stay as they are.
func decodeFor(r io.Reader, d Dialect) (text, error) {
	if d.Format == VCard && !strings.HasPrefix(d.Encoding, "utf-16") {
		return text{r, true}, nil
	}
	return decode(r, d.Encoding)
}

// encodingOf knows the encodings of the WHATWG, and the two of DOS that French programs still write.
func encodingOf(name string) encoding.Encoding {
	switch name {
	case "utf-8":
		return xunicode.UTF8
	case "utf-16le":
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM)
	case "utf-16be":
		return xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)
	case "iso-8859-1":
		return charmap.ISO8859_1
	case "ibm850":
		return charmap.CodePage850
	case "ibm437":
		return charmap.CodePage437
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	if c, _ := htmlindex.Name(e); c == "replacement" || c == "x-user-defined" {
		return nil
	}
	return e
}

// Encodings are those that a person may choose from when the guess is wrong, likeliest first.
func Encodings() []string {
	return []string{"utf-8", "windows-1252", "iso-8859-15", "macintosh", "utf-16le", "utf-16be", "ibm850", "ibm437", "windows-1250", "iso-8859-2",
		"windows-1251", "koi8-r", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"}
}

// guessEncoding names the encoding of a sample. sure is false when only letters speak for it. whole tells that the
// sample is the file.
func guessEncoding(b []byte, whole bool) (name string, sure bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return "utf-8", true
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return "utf-16le", true
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return "utf-16be", true
	}
	if name := utf16ByNUL(b); name != "" {
		return name, true
	}
	if !whole { // a sample may end within a character
		for n := 0; n < 3 && len(b) > 0 && !utf8.Valid(b); n++ {
			if r, size := utf8.DecodeLastRune(b); r == utf8.RuneError && size <= 1 {
				b = b[:len(b)-1]
			}
		}
	}
	if utf8.Valid(b) {
		if !accidental(b) {
			return "utf-8", true
		}
	} else if mostlyUTF8(b) {
		return "utf-8", false
	}
	best, score := "windows-1252", -1.0
	for _, c := range []string{"windows-1252", "macintosh", "ibm850", "iso-8859-15"} {
		if s := letters(b, c); s > score+0.02 {
			best, score = c, s
		}
	}
	if r := chardet.Detect(b[:min(len(b), 64<<10)]); r.Confidence >= 0.7 && score < 0.9 {
		if name := strings.ToLower(r.Encoding); encodingOf(name) != nil && !strings.HasPrefix(name, "utf-") && !strings.HasPrefix(name, "iso-8859-1") {
			if canonical, err := htmlindex.Get(name); err == nil {
				if n, err := htmlindex.Name(canonical); err == nil {
					name = n
				}
			}
			return name, false
		}
	}
	return best, score > 0.95
}

// firstAccents reads on until bytes come that tell of an encoding, as the first of a long file may not.
func firstAccents(in io.Reader) ([]byte, error) {
	const far, enough = 64 << 20, 64 << 10
	buf := make([]byte, enough)
	for range far / enough {
		n, err := io.ReadFull(in, buf)
		if i := slices.IndexFunc(buf[:n], func(c byte) bool { return c >= utf8.RuneSelf }); i >= 0 {
			found := bytes.Clone(buf[max(0, i-1):n])
			n, err = io.ReadFull(in, buf)
			if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
				return append(found, buf[:n]...), nil
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// utf16ByNUL finds UTF-16 without a byte order mark: of Latin text every second byte is NUL.
func utf16ByNUL(b []byte) string {
	b = b[:min(len(b), 4096)&^1]
	if len(b) < 4 {
		return ""
	}
	even, odd := 0, 0
	for i, c := range b {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	half := len(b) / 2
	order, name := binary.ByteOrder(nil), ""
	switch {
	case odd > half*6/10 && even < half/20:
		order, name = binary.LittleEndian, "utf-16le"
	case even > half*6/10 && odd < half/20:
		order, name = binary.BigEndian, "utf-16be"
	default:
		return ""
	}
	for i := 0; i+1 < len(b); i += 2 {
		if order.Uint16(b[i:]) == 0 {
			return ""
		}
	}
	return name
}

// accidental tells that text is valid UTF-8 by chance: what little is not ASCII in it are lone letters of scripts that
// nobody writes within Latin words, such as the "Ճ" that "’É" of Mac Roman gives.
func accidental(b []byte) bool {
	strange, before := 0, rune(' ')
	for _, r := range string(b) {
		if r >= utf8.RuneSelf {
			if !unicode.IsLetter(r) || unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Greek, r) || before >= utf8.RuneSelf {
				return false
			}
			if strange++; strange > 20 {
				return false
			}
		}
		before = r
	}
	return strange > 0
}

// mostlyUTF8 tells that a few broken rows stand among many good characters of UTF-8.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good > 4*bad
}

// letters scores how much the high bytes of b, read as the named encoding, look like the letters and signs of French and
// its neighbours within words; from 0 to 1.
func letters(b []byte, name string) float64 {
	decoder := encodingOf(name).NewDecoder()
	total, sum := 0, 0.0
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		total++
		out, _ := decoder.Bytes([]byte{c})
		r, _ := utf8.DecodeRune(out)
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = b[i-1]
		}
		if i+1 < len(b) {
			after = b[i+1]
		}
		sum += plausible(r, before, after)
		if total == 20_000 {
			break
		}
	}
	if total == 0 {
		return 1
	}
	return sum / float64(total)
}

func plausible(r rune, before, after byte) float64 {
	lower := func(c byte) bool { return c >= 'a' && c <= 'z' }
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	switch {
	case r == utf8.RuneError, unicode.IsControl(r):
		return -1
	case strings.ContainsRune("éèêëàâäçîïôöùûüœæáíóúñãõßåøìòÿ", r):
		if upper(before) && upper(after) {
			return 0.2
		}
		return 1
	case strings.ContainsRune("ÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŒÆÁÍÓÚÑÃÕÅØ", r):
		if lower(before) || (lower(after) && upper(before)) {
			return 0
		}
		return 1
	case strings.ContainsRune("’‘“”«»–—…€°\u00A0ºª§£²³•", r):
		if strings.ContainsRune("’‘", r) || !(lower(before) && lower(after)) {
			return 0.95
		}
		return 0.1
	case strings.ContainsRune("½¼¾×±®©™·¿¡µ¨´¸¤¦", r):
		return 0.3
	}
	return 0.1
}
