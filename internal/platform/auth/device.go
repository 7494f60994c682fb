package auth

import (
	"net/http"
	"net/netip"
)

// VisitFrom tells where a request comes from: its address as the edge has found
// it, its browser, its device cookie.
func (s *Service) VisitFrom(r *http.Request, ip netip.Addr) Visit {
	v := Visit{IP: ip, UserAgent: oneLine(r.UserAgent(), 200)}
	if c, err := r.Cookie(s.cookieName("device")); err == nil && len(c.Value) <= 64 {
		v.Device = c.Value
	}
	return v
}
