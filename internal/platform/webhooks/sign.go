package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The headers of a call.
const (
	SignatureHeader = "Unisson-Signature"
	EventHeader     = "Unisson-Event"
	DeliveryHeader  = "Unisson-Delivery"
)

// MaxAge is how old a call may be when it is verified.
const MaxAge = 5 * time.Minute

// ErrSignature says that a call is not ours, or was altered.
var ErrSignature = errors.New("webhooks: the signature does not fit")

// ErrOld says that a call is ours and comes too late, or from the future: it
// may be a recording played again.
var ErrOld = errors.New("webhooks: the call is too old")

// Sign gives the signature header of a body sent at that time.
func Sign(secret, body []byte, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return fmt.Sprintf("t=%s,v1=%s", t, hex.EncodeToString(mac(secret, t, body)))
}

func mac(secret []byte, t string, body []byte) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(t + "."))
	m.Write(body)
	return m.Sum(nil)
}

// Verify is what a receiver does before it believes a call: body as it came,
// header as it came, now by the receiver's clock. It accepts any one of several
// v1 values, so that a secret can be changed without a gap.
func Verify(secret, body []byte, header string, now time.Time) error {
	t, sent, good := "", int64(0), false
	var sums []string
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || t != "" {
				return ErrSignature
			}
			t, sent = value, n
		case "v1":
			sums = append(sums, value)
		}
	}
	want := mac(secret, t, body)
	for _, s := range sums {
		got, err := hex.DecodeString(s)
		good = good || err == nil && hmac.Equal(got, want)
	}
	if t == "" || !good {
		return ErrSignature
	}
	if now.Sub(time.Unix(sent, 0)).Abs() > MaxAge {
		return ErrOld
	}
	return nil
}

// NewSecret proposes a secret for a form: 256 bits of chance.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails: it ends the program instead
	return "whsec_" + base64.RawURLEncoding.EncodeToString(b)
}
