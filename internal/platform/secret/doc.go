// Package secret holds the installation's key file and what is derived from it.
//
// One file of 32 random bytes is made at the first start, readable by its owner
// alone. From it come separate keys by purpose: to seal what the program must
// read again (seeds of second factors, secrets of webhooks, the mail password)
// and to hash what it only compares (tokens of sessions, links and the API). A
// copy of the database without the file therefore yields no usable secret.
//
// The file never enters a backup. The database remembers its fingerprint, and
// Bind refuses any other file, at start and after a restore.
//
// Tables: none.
package secret
