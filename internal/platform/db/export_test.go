package db

import "database/sql"

// Pools gives the two pools, so that tests look at each connection.
func (d *DB) Pools() (reader, writer *sql.DB) { return d.r, d.w }
