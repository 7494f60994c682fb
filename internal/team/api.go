package team

import "unisson/internal/platform/api"

// Operations are the REST operations of the team.
func (p *Pages) Operations(a *api.API) {}
