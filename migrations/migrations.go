// Package migrations holds the numbered steps from an empty database to today's,
// one order for both engines. See platform/db.ForEngine for the few marks they
// may carry.
package migrations

import "embed"

// Files are the steps, NNNN_what.sql.
//
//go:embed *.sql
var Files embed.FS
