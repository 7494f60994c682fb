package auth

import (
	"crypto/rand"
	"encoding/base64"
)

// newToken makes 256 random bits as 43 characters fit for an address.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}
