package auth

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// Policy says which role has which permission. It is read from one file that
// people can read too (internal/app/policy.csv): a line a permission, a column
// a role, "x" where it is given. Token scopes are a column like a role.
type Policy struct {
	roles  []Role
	scopes []string
	grants map[Permission]map[string]bool
	order  []Permission
}

// ScopePrefix marks the columns of API token scopes: "scope:read".
const ScopePrefix = "scope:"

// ReadPolicy reads the policy file: first column the permission, last column a
// note, columns between them a role or a token scope.
func ReadPolicy(r io.Reader) (*Policy, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if len(rows) < 2 || len(rows[0]) < 3 {
		return nil, fmt.Errorf("policy: no table")
	}
	head := rows[0][1 : len(rows[0])-1]
	p := &Policy{grants: map[Permission]map[string]bool{}}
	for _, h := range head {
		if s, ok := strings.CutPrefix(h, ScopePrefix); ok {
			p.scopes = append(p.scopes, s)
		} else {
			p.roles = append(p.roles, Role(h))
		}
	}
	for i, row := range rows[1:] {
		perm := Permission(row[0])
		if p.grants[perm] != nil {
			return nil, fmt.Errorf("policy: line %d: %s stands twice", i+2, perm)
		}
		g := map[string]bool{}
		for j, h := range head {
			switch row[j+1] {
			case "x":
				g[h] = true
			case "":
			default:
				return nil, fmt.Errorf("policy: line %d, column %s: %q is neither x nor empty", i+2, h, row[j+1])
			}
		}
		p.grants[perm] = g
		p.order = append(p.order, perm)
	}
	return p, nil
}

// Roles lists the roles of the file, in its order.
func (p *Policy) Roles() []Role { return slices.Clone(p.roles) }

// Scopes lists the API token scopes of the file, in its order.
func (p *Policy) Scopes() []string { return slices.Clone(p.scopes) }

// Permissions lists the permissions of the file, in its order.
func (p *Policy) Permissions() []Permission { return slices.Clone(p.order) }

// Knows tells whether the file lists perm (Public and SignedIn are known).
func (p *Policy) Knows(perm Permission) bool {
	return perm == Public || perm == SignedIn || p.grants[perm] != nil
}

// Grants tells whether role gives perm.
func (p *Policy) Grants(role Role, perm Permission) bool { return p.grants[perm][string(role)] }

// OfRoles gives every permission that at least one of roles gives, sorted.
func (p *Policy) OfRoles(roles []Role) []Permission {
	var out []Permission
	for perm, g := range p.grants {
		for _, r := range roles {
			if g[string(r)] {
				out = append(out, perm)
				break
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// OfToken gives what a token may do: what its person may, as far as one of the
// token's scopes covers it.
func (p *Policy) OfToken(roles []Role, scopes []string) []Permission {
	return slices.DeleteFunc(p.OfRoles(roles), func(perm Permission) bool {
		for _, s := range scopes {
			if p.grants[perm][ScopePrefix+s] {
				return false
			}
		}
		return true
	})
}
