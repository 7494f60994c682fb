package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Let somebody in."`
	Reset   userResetCmd   `cmd:"" help:"Print a link that sets a new password; it works once, for an hour."`
	Disable userDisableCmd `cmd:"" help:"Shut somebody out: sessions and tokens end at once, the history stays."`
}

type userAddCmd struct {
	office        `embed:""`
	Email         string   `arg:"" help:"E-mail address."`
	Given         string   `required:"" help:"Given name."`
	Family        string   `required:"" help:"Family name."`
	Role          []string `required:"" help:"Role, once or several times: salesperson, marketer, administrator…"`
	Language      string   `default:"en" enum:"en,fr,fr-CA" help:"Language: en, fr or fr-CA."`
	TimeZone      string   `default:"Europe/Paris" help:"Time zone, such as America/Toronto."`
	PasswordStdin bool     `help:"Read the password from standard input. Without it a link to choose one is printed."`
	Until         string   `placeholder:"YYYY-MM-DD" help:"Guests: last day of access."`
}

// Run adds the person.
func (c *userAddCmd) Run(ctx context.Context) error {
	n := auth.NewUser{Email: c.Email, GivenName: c.Given, FamilyName: c.Family, Language: c.Language, TimeZone: c.TimeZone}
	for _, r := range c.Role {
		n.Roles = append(n.Roles, auth.Role(r))
	}
	if c.Until != "" {
		day, err := time.Parse(time.DateOnly, c.Until)
		if err != nil {
			return fmt.Errorf("--until %q is no day: write it as 2026-12-31", c.Until)
		}
		n.ExpiresAt = day.AddDate(0, 0, 1)
	}
	password := ""
	if c.PasswordStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if password = strings.TrimRight(line, "\r\n"); password == "" {
			return fmt.Errorf("--password-stdin: no password came (%v)", err)
		}
	}
	return c.within(ctx, func(ctx context.Context, a *app.App) error {
		u, err := a.Auth.CreateUser(ctx, n, password)
		if err != nil {
			return err
		}
		fmt.Printf("%s may sign in as %s.\n", u.Name(), u.Email)
		if password != "" {
			return nil
		}
		return printReset(ctx, a, u.ID)
	})
}

type userResetCmd struct {
	office `embed:""`
	Email  string `arg:"" help:"E-mail address."`
}

// Run prints a link.
func (c *userResetCmd) Run(ctx context.Context) error {
	return c.within(ctx, func(ctx context.Context, a *app.App) error {
		u, err := find(ctx, a, c.Email)
		if err != nil {
			return err
		}
		return printReset(ctx, a, u.ID)
	})
}

func find(ctx context.Context, a *app.App, email string) (auth.User, error) {
	u, err := a.Auth.UserByEmail(ctx, email)
	if errs.Is(err, errs.KindNotFound) {
		err = fmt.Errorf("nobody here has the address %s", email)
	}
	return u, err
}

func printReset(ctx context.Context, a *app.App, userID string) error {
	link, err := a.Auth.ResetLink(ctx, userID)
	if err != nil {
		return err
	}
	fmt.Printf("This link sets a password. It works once, for an hour:\n  %s\n", link)
	return nil
}

type userDisableCmd struct {
	office `embed:""`
	Email  string `arg:"" help:"E-mail address."`
}

// Run shuts the person out.
func (c *userDisableCmd) Run(ctx context.Context) error {
	return c.within(ctx, func(ctx context.Context, a *app.App) error {
		u, err := find(ctx, a, c.Email)
		if err != nil {
			return err
		}
		if err := a.Auth.Disable(ctx, u.ID); err != nil {
			return err
		}
		fmt.Printf("%s can no longer come in.\n", u.Name())
		return nil
	})
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token for somebody. It is printed once."`
}

type tokenCreateCmd struct {
	office `embed:""`
	Email  string   `arg:"" help:"E-mail address of whom it acts for."`
	Name   string   `required:"" help:"What it is for."`
	Scope  []string `required:"" enum:"read,write,admin" help:"What it may: read, write, admin; once or several times."`
	Days   int      `default:"90" help:"How many days it lives, 365 at most."`
}

// Run makes the token. Nothing but the token goes to standard output.
func (c *tokenCreateCmd) Run(ctx context.Context) error {
	return c.within(ctx, func(ctx context.Context, a *app.App) error {
		u, err := find(ctx, a, c.Email)
		if err != nil {
			return err
		}
		_, plain, err := a.Auth.CreateTokenFor(ctx, u.ID, auth.NewToken{Name: c.Name, Scopes: c.Scope, Life: time.Duration(c.Days) * 24 * time.Hour})
		if err != nil {
			return err
		}
		fmt.Println(plain)
		return nil
	})
}
