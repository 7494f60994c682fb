package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	netmail "net/mail"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
)

// DKIM signs mails for a domain.
type DKIM struct {
	Domain   string
	Selector string
	Key      crypto.Signer // RSA of 2048 bits or more, or Ed25519
}

// ParseDKIMKey reads a private key in PEM: PKCS #8, or PKCS #1 for RSA.
func ParseDKIMKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("mail: the DKIM key is not in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("mail: the DKIM key is neither PKCS #8 nor PKCS #1")
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("mail: a DKIM key cannot be %T", key)
	}
	return signer, nil
}

func (d *DKIM) check() error {
	if d.Domain == "" || d.Selector == "" || d.Key == nil {
		return errors.New("mail: DKIM needs a domain, a selector and a key")
	}
	switch pub := d.Key.Public().(type) {
	case *rsa.PublicKey:
		if pub.N.BitLen() < 2048 {
			return fmt.Errorf("mail: the DKIM key has %d bits; receivers ask for 2048", pub.N.BitLen())
		}
	case ed25519.PublicKey:
	default:
		return fmt.Errorf("mail: a DKIM key cannot be %T", pub)
	}
	return nil
}

// Record is the DNS record that must be published: its name and its text.
func (d *DKIM) Record() string {
	name := d.Selector + "._domainkey." + d.Domain + " TXT "
	if pub, ok := d.Key.Public().(ed25519.PublicKey); ok {
		return name + `"v=DKIM1; k=ed25519; p=` + base64.StdEncoding.EncodeToString(pub) + `"`
	}
	der, err := x509.MarshalPKIXPublicKey(d.Key.Public())
	if err != nil {
		return "" // check has refused such a key
	}
	return name + `"v=DKIM1; k=rsa; p=` + base64.StdEncoding.EncodeToString(der) + `"`
}

// sign prepends the signature.
func (d *DKIM) sign(raw []byte) ([]byte, error) {
	var signed bytes.Buffer
	err := dkim.Sign(&signed, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: d.Key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{
			"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language", "Auto-Submitted", "List-Unsubscribe",
		},
	})
	return signed.Bytes(), err
}

// messageID is the name of a mail in the world, the same at every try.
func (s *Service) messageID(id string) string { return id + "@" + s.domain }

// build writes the message as it goes to the relay. All of it comes from the row, so that two tries differ in the
// time of their signature only.
func (s *Service) build(m Mail) (raw []byte, to string, err error) {
	if to, err = address(m.To); err != nil {
		return nil, "", err
	}
	msg := gomail.NewMsg(gomail.WithBoundary("unisson-"+m.ID), gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.AddToMailAddress(&netmail.Address{Name: m.ToName, Address: to})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.CreatedAt.Go())
	msg.SetMessageIDWithValue(s.messageID(m.ID))
	msg.SetGenHeader(gomail.HeaderContentLang, m.Lang)
	// No vacation notice and no robot shall answer a program.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	if m.unsubscribeURL != "" {
		msg.SetListUnsubscribe(m.unsubscribeURL)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, "", err
	}
	if s.conf.DKIM == nil {
		return b.Bytes(), to, nil
	}
	raw, err = s.conf.DKIM.sign(b.Bytes())
	return raw, to, err
}
