package customers

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/files"
)

// ExportContact writes all that is known of a person, as JSON: every record
// that is he, and what other capabilities keep of him.
func (s *Service) ExportContact(ctx context.Context, id string, w io.Writer) error {
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRestrict); err != nil {
			return err
		}
		rec, err := s.record(ctx, r, KindContact, id)
		if err != nil {
			return err
		}
		all, err := s.recordsOf(ctx, r, rec)
		if err != nil {
			return err
		}
		var out []map[string]any
		for _, one := range all {
			held, err := s.held(ctx, r, one)
			if err != nil {
				return err
			}
			out = append(out, held)
		}
		whole := map[string]any{"contact": rec.MasterID, "records": out}
		for _, h := range s.holders {
			var b bytes.Buffer
			if err := h.Export(ctx, r, rec.MasterID, &b); err != nil {
				return errs.Wrap(h.Name, err)
			}
			if b.Len() > 0 {
				whole[h.Name] = json.RawMessage(b.Bytes())
			}
		}
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(whole)
	})
	return errs.Wrap("export a contact", err)
}

// held is what is kept of one record.
func (s *Service) held(ctx context.Context, r db.Reader, rec *Record) (map[string]any, error) {
	history, err := selectEdits(ctx, r, rec.ID, 0)
	if err != nil {
		return nil, err
	}
	consents, err := selectConsents(ctx, r, rec.ID)
	if err != nil {
		return nil, err
	}
	needs, err := selectNeeds(ctx, r, rec.ID)
	if err != nil {
		return nil, err
	}
	positions, err := selectPositions(ctx, r, rec.ID)
	if err != nil {
		return nil, err
	}
	addresses, err := selectAddresses(ctx, r, rec.ID)
	if err != nil {
		return nil, err
	}
	kept, err := files.Of(ctx, r, string(rec.Kind), rec.ID)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(kept))
	for i, f := range kept {
		names[i] = f.Name
	}
	src, err := selectSource(ctx, r, rec.SourceID)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"id": rec.ID, "values": rec.Values, "source": src, "created_at": rec.CreatedAt.Go(), "updated_at": rec.UpdatedAt.Go(), "evidence": rec.Evidence,
		"evidence_at": rec.EvidenceAt.Go(), "last_touch_at": rec.LastTouch.Go(), "restricted_at": rec.Restricted.Go(), "changes": history, "consents": consents, "needs": needs,
		"positions": positions, "addresses": addresses, "files": names}
	return out, nil
}
