package db

import "database/sql"

// Pools gives the two pools, so that tests look at each connection.
func (d *DB) Pools() (reader, writer *sql.DB) { return d.r, d.w }

// Shelved tells how many things are remembered for all requests.
func (d *DB) Shelved() int {
	d.shelf.mu.Lock()
	defer d.shelf.mu.Unlock()
	return len(d.shelf.kept)
}
