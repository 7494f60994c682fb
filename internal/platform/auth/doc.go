// Package auth knows who acts and what they may do.
//
// # Vocabulary
//
// A User signs in; a Role is what somebody is in the company; a Permission is
// one thing that may be done; the Policy says which role gives which
// permission; an Actor is who acts in this request, with the Scope that narrows
// which rows are seen. A factor is a proof of who one is: the first is a
// password, a company sign-in (OIDC) or an invitation; the second an
// authenticator app or a recovery code. A device is a browser in which somebody
// has signed in before.
//
// # Three lines of defence
//
// The route names a Permission, the service Requires it inside its transaction
// and before the write, the store narrows by Scope.
//
// # Invariants
//
//   - The Actor is made anew for each request from the rows as they stand:
//     roles, status, end of access, session, token. What was taken away is gone
//     with the next request; Recheck does the same for what outlives one.
//   - Whoever has set up a second factor passes it on every way in.
//   - What somebody proved, a half-finished sign-in and a session each carry the
//     epoch of the person; a reset, a change of password, a shut-out or the loss
//     of the second factor begins a new one, and what is under way is worth nothing.
//   - A wrong address, a wrong password and a shut account get the same answer
//     in the same time.
//   - Guesses are counted in the database before they are evaluated: at most 10
//     in 5 minutes for one account, however they are sent. A browser that its
//     owner has used counts apart, so that nobody is locked out for good.
//   - Of passwords, tokens, links and codes only hashes are stored, keyed with
//     the key file; seeds are sealed with it.
//   - A session gets a new token at every sign-in and change of rights.
//   - There is always an administrator who may act.
//   - Links in mails begin with --public-url, never with a header of a request.
//
// Tables: users, user_roles, sessions, user_factors, recovery_codes, mail_links, known_devices, throttles, api_tokens, security_log
//
// Facts: UserInvited, UserJoined, UserChanged, UserDisabled, UserEnabled,
// RolesChanged, ExpiryChanged, PasswordChanged, TokenRevoked (facts.go).
package auth
