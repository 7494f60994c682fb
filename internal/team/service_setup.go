package team

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// setupSetting keeps the hash of the token that opens the first-run page.
const setupSetting = "team_setup_token"

// SetupToken makes the token that opens the first-run page, for the console of
// whoever installs. An earlier one ends. It is empty as soon as anybody can
// sign in.
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	token := ""
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if there, err := s.auth.AnyUser(ctx); err != nil || there {
			return err
		}
		token = newSetupToken()
		return db.SetSetting(ctx, tx, setupSetting, setupHash(token))
	})
	return token, errs.Wrap("setup token", err)
}

// newSetupToken is 20 random bytes; nobody guesses it, and a line of a console
// holds it.
func newSetupToken() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

func setupHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SetupOpen tells whether a token opens the first-run page. A wrong one, and
// any once somebody can sign in, reads as not found.
func (s *Service) SetupOpen(ctx context.Context, token string) error {
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error { return s.setupOpen(ctx, r, token) })
	return errs.Wrap("setup", err)
}

func (s *Service) setupOpen(ctx context.Context, r db.Reader, token string) error {
	there, err := s.auth.AnyUser(ctx)
	if err != nil {
		return err
	}
	want, err := db.Setting(ctx, r, setupSetting)
	if err != nil {
		return err
	}
	if there || want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(setupHash(token))) != 1 {
		return errs.NotFound("page")
	}
	return nil
}

// SetUp makes the company and its first administrator, and closes the first-run
// page for good.
func (s *Service) SetUp(ctx context.Context, token string, in Setup) (auth.User, error) {
	var first auth.User
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.setupOpen(ctx, tx.Reader, token); err != nil {
			return err
		}
		wrong := errs.Fields(errs.FieldsOf(in.Validate()))
		if in.Password == "" {
			wrong.Add("password", "errors.required")
		}
		u, err := s.auth.FirstUser(ctx, auth.NewUser{Email: in.Email, GivenName: in.Given, FamilyName: in.Family,
			Language: in.Language, TimeZone: in.TimeZone}, in.Password)
		if err != nil || len(wrong) > 0 {
			return invitationErrors(wrong, err)
		}
		first = u
		ctx = auth.AsSystem(ctx)
		if err := insertOrganisation(ctx, tx, Organisation{Name: in.Company, Language: in.Language, Country: in.Country, TimeZone: in.TimeZone,
			Holidays: in.Holidays, Hours: OfficeWeek(), Reading: ReadUnits}, u.ID); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, u.ID, u.ID); err != nil {
			return err
		}
		if err := s.ensureSituations(ctx, tx); err != nil {
			return err
		}
		if err := s.writeTerms(ctx, tx, Filter{IDs: []string{u.ID}, Everyone: true}); err != nil {
			return err
		}
		return db.SetSetting(ctx, tx, setupSetting, "")
	})
	return first, errs.Wrap("set up", err)
}
