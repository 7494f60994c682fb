package api

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"unisson/internal/platform/errs"
)

// PageIn is embedded by the input of a list.
type PageIn struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"Where the last page ended; empty for the first page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many rows"`
}

// Page is the body of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

// Cursor writes the key of the last row of a page.
func Cursor(key ...string) string {
	b, _ := json.Marshal(key) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReadCursor reads back a key of n parts; "" gives n empty parts.
func ReadCursor(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return make([]string, n), nil
	}
	var key []string
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || readJSON(b, &key) != nil || len(key) != n {
		return nil, errs.Malformed("cursor", "errors.bad_cursor")
	}
	return key, nil
}

// ETag writes a row's version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch reads the version that the caller believes current. It is asked for
// on every change, so that nobody overwrites what he has not seen.
func IfMatch(header string) (int64, error) {
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(header, "W/"), `"`), 10, 64)
	if err != nil {
		return 0, errs.Malformed("If-Match", "errors.if_match")
	}
	return v, nil
}
