// Package registry holds the types that capabilities hand upward, without a
// business word in them: a block for someone else's page, something to search,
// demonstration data, a holder of personal data, a command of the palette. The
// composition root (internal/app) collects them and passes them on.
package registry
