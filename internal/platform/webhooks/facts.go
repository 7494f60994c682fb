package webhooks

// EndpointStopped is published when an endpoint is stopped because nothing has
// reached it for days.
type EndpointStopped struct {
	EndpointID string
	Name       string
	OwnerID    string // who saved it last
}
