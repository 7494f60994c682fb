// Command oidcprovider is a company sign-in for tests: a real OpenID Connect
// provider on a loopback port, where anybody signs in as whomever he writes
// into its form. It is a module of its own, so that what it needs stays out of
// the product.
//
//	oidcprovider -redirect https://unisson.example/sign-in/company/back
//
// It prints one line, "issuer http://127.0.0.1:PORT", when it is ready, and
// ends with its standard input.
package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/zitadel/oidc/v3/pkg/op"
)

func main() {
	redirect := flag.String("redirect", "", "where to send people back to")
	client := flag.String("client", "unisson", "the client's id")
	secret := flag.String("secret", "not-a-secret", "the client's secret")
	addr := flag.String("addr", "127.0.0.1:0", "loopback address to listen on")
	flag.Parse()
	log.SetFlags(0)
	if err := run(*redirect, *client, *secret, *addr); err != nil {
		log.Fatal(err)
	}
}

func run(redirect, client, secret, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return fmt.Errorf("%s is no loopback address: this program lets anybody in as anybody", addr)
	}
	issuer := "http://" + l.Addr().String()
	store, err := newStore(application{id: client, secret: secret, redirect: redirect})
	if err != nil {
		return err
	}
	var key [32]byte
	_, _ = rand.Read(key[:])
	provider, err := op.NewProvider(&op.Config{CryptoKey: key, CryptoKeyId: "tokens", CodeMethodS256: true, AuthMethodPost: true},
		store, op.StaticIssuer(issuer), op.WithAllowInsecure())
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.HandleFunc("GET /login", store.form)
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) { store.login(w, r, op.AuthCallbackURL(provider)) })
	fmt.Println("issuer", issuer)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // whoever started us is gone
		os.Exit(0)
	}()
	return http.Serve(l, mux)
}
