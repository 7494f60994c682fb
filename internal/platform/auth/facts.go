package auth

// The facts that this package publishes, each in the transaction that made it
// true. They name whom they concern, and hold no secret.
type (
	// UserInvited says that somebody was let in and got a link by mail.
	UserInvited struct{ UserID string }
	// UserJoined says that an account became active: the invited person chose a
	// password, or the account was made active at once.
	UserJoined struct{ UserID string }
	// UserChanged says that name or address changed; Before and After hold them.
	UserChanged struct {
		UserID        string
		Before, After User
	}
	// UserDisabled says that somebody may no longer come in: sessions and tokens are gone.
	UserDisabled struct{ UserID string }
	// UserEnabled says that somebody may come in again.
	UserEnabled struct{ UserID string }
	// RolesChanged says that somebody's roles changed.
	RolesChanged struct {
		UserID        string
		Before, After []Role
	}
	// ExpiryChanged says that the end of somebody's access changed.
	ExpiryChanged struct{ UserID string }
	// PasswordChanged says that somebody has a new password; Reset that it was
	// chosen by a link from a mail, which also ended his tokens.
	PasswordChanged struct {
		UserID string
		Reset  bool
	}
	// TokenRevoked says that an API token ended before its time.
	TokenRevoked struct{ TokenID, UserID string }
)
