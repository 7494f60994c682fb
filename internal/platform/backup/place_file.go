package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"unisson/internal/platform/config"
	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
)

// stageDir, in the data folder, is where a restore works. Its file readyName
// says that all in it was checked and may take the place of what is there.
const (
	stageDir  = "restoring"
	readyName = "ready.json"
)

// ready is what Recover must know to finish.
type ready struct {
	Aside string `json:"aside"` // folder in the data folder for what was there
}

// filePlace loads a second SQLite file.
type filePlace struct {
	to    config.Store
	stage string
	file  string // the database in stage
}

func newFilePlace(to config.Store, stage string, force bool) (place, error) {
	if _, err := os.Lstat(to.Database()); err == nil && !force {
		return nil, notEmpty(to.Database())
	}
	return &filePlace{to: to, stage: stage, file: filepath.Join(stage, filepath.Base(to.Database()))}, nil
}

func (p *filePlace) open(ctx context.Context) (*db.DB, error) {
	return db.Open(ctx, db.Config{Path: p.file})
}

func (p *filePlace) discard() {}

// promote puts the loaded file in place. From the moment that ready.json stands
// the restore will be finished, by this process or by the next one (Recover).
func (p *filePlace) promote(_ context.Context, aside string) (string, error) {
	for _, left := range []string{"-wal", "-shm"} {
		if _, err := os.Lstat(p.file + left); err == nil {
			return "", fmt.Errorf("%s%s is still in use", p.file, left)
		}
	}
	if err := syncFile(p.file); err != nil {
		return "", err
	}
	data, err := json.Marshal(ready{Aside: aside})
	if err != nil {
		return "", err
	}
	tmp := filepath.Join(p.stage, readyName+".tmp")
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return "", err
	}
	if err := errors.Join(syncFile(tmp), os.Rename(tmp, filepath.Join(p.stage, readyName)), syncDir(p.stage)); err != nil {
		return "", err
	}
	crash.Here("restore.ready")
	if err := Recover(p.to); err != nil {
		return "", fmt.Errorf("the archive is loaded and checked, but could not take its place; the next start tries again: %w", err)
	}
	old := filepath.Join(p.to.DataDir, aside)
	if _, err := os.Lstat(old); err != nil {
		return "", nil
	}
	return old, nil
}

// Unfinished tells whether a restore was cut off after everything was checked
// and before everything was in place.
func Unfinished(s config.Store) bool {
	_, err := os.Lstat(filepath.Join(s.DataDir, stageDir, readyName))
	return err == nil
}

// Recover finishes a restore that was cut off in its last step, and does
// nothing when there is none. Whoever opens a data folder calls it first,
// alone.
func Recover(s config.Store) error {
	stage := filepath.Join(s.DataDir, stageDir)
	data, err := os.ReadFile(filepath.Join(stage, readyName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var r ready
	if err := json.Unmarshal(data, &r); err != nil || !identifier.MatchString(r.Aside) {
		return fmt.Errorf("%s cannot be read", filepath.Join(stage, readyName))
	}
	aside := filepath.Join(s.DataDir, r.Aside)
	if err := moveFiles(filepath.Join(stage, "files"), s.Files(), filepath.Join(aside, "files")); err != nil {
		return err
	}
	crash.Here("restore.files_in_place")
	name := filepath.Base(s.Database())
	if _, err := os.Lstat(filepath.Join(stage, name)); err == nil {
		// The log goes first: beside the new file it would be taken for its own.
		for _, old := range []string{name + "-wal", name + "-shm", name} {
			if err := moveAside(filepath.Join(s.DataDir, old), filepath.Join(aside, old)); err != nil {
				return err
			}
			crash.Here("restore.old_moved_aside")
		}
		if err := os.Rename(filepath.Join(stage, name), s.Database()); err != nil {
			return err
		}
	}
	crash.Here("restore.database_in_place")
	if err := syncDir(s.DataDir); err != nil {
		return err
	}
	return errors.Join(os.Remove(filepath.Join(stage, readyName)), os.RemoveAll(stage))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
