// Package instance opens one installation: its folder, its key file and its
// database, made and migrated when missing.
//
// While it is open, a shared lock on the folder says so: a restore, which
// needs the folder for itself, then refuses to start. An unfinished restore is
// finished first.
//
// An installation has an id, made once and kept through backup and restore,
// and may be marked as demonstration data, which serve refuses to show to
// real people.
//
// Tables: none; three facts in settings.
package instance
