package customers

import (
	"bufio"
	"context"
	"io"
	"slices"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// maxExport is how many rows one export holds at most: as many as a sheet.
const maxExport = 1_000_000

// Export is a list to take away.
type Export struct {
	Query   Query
	Columns []string
	IDs     []string // nil: all that the list finds
	Format  string   // csv, xlsx, jsonl, vcf
	Title   string   // of the sheet
}

// Export writes a list as it is seen: its columns, its filter, its order. What
// the actor may not read is not in it, nor what is restricted or erased. That he
// took it is noted, with the filter and the number of rows, before he gets it:
// w must not be the reader's connection, but what is sent once this is done.
func (s *Service) Export(ctx context.Context, e Export, w io.Writer) (int, error) {
	n, err := s.export(ctx, e, w)
	if err == nil {
		err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			return audit.Record(ctx, tx, audit.Change{Action: "customers.list.exported", Kind: "customer_list", ID: string(e.Query.Kind), Name: e.Title,
				After: map[string]any{"rows": n, "filter": e.Query.Filter.String(), "format": e.Format}})
		})
	}
	return n, errs.Wrap("export", err)
}

func (s *Service) export(ctx context.Context, e Export, w io.Writer) (n int, err error) {
	if err := auth.Require(ctx, MayRead); err != nil {
		return 0, err
	}
	if err := auth.Require(ctx, MayExport); err != nil {
		return 0, err
	}
	if !e.Query.Kind.Valid() || !slices.Contains(exportFormats(e.Query.Kind), e.Format) {
		return 0, errs.Malformed("format", "customers.errors.choose")
	}
	var sch *Schema
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if sch, err = schema(ctx, r, e.Query.Kind); err != nil {
			return err
		}
		out, err := writerOf(ctx, e, sch, w)
		if err != nil {
			return err
		}
		columns := knownColumns(sch, e.Columns)
		if e.Format == "vcf" {
			columns = []string{"account"}
		}
		write := func(recs []*Record) (bool, error) {
			names, err := s.namesIn(ctx, r, sch, columns, recs)
			if err != nil {
				return false, err
			}
			for _, rec := range recs {
				if n == maxExport {
					return false, nil
				}
				if !rec.Live() {
					continue
				}
				if err := out.row(ctx, rec, names); err != nil {
					return false, err
				}
				n++
			}
			return n < maxExport, nil
		}
		if e.IDs == nil {
			err = s.walk(ctx, r, e.Query, write)
		} else {
			err = s.chosen(ctx, r, e, write)
		}
		if err != nil {
			return err
		}
		return out.close()
	})
	return n, err
}

// chosen gives some records in the order in which they were chosen.
func (s *Service) chosen(ctx context.Context, r db.Reader, e Export, fn func([]*Record) (bool, error)) error {
	for part := range slices.Chunk(unique(e.IDs), bulkBatch) {
		recs, err := selectRecords(ctx, r, auth.From(ctx).Scope, e.Query.Kind, part)
		if err != nil {
			return err
		}
		slices.SortFunc(recs, func(a, b *Record) int { return slices.Index(part, a.ID) - slices.Index(part, b.ID) })
		if more, err := fn(recs); err != nil || !more {
			return err
		}
	}
	return nil
}

func writerOf(ctx context.Context, e Export, sch *Schema, w io.Writer) (writer, error) {
	fields := exportFields(sch, knownColumns(sch, e.Columns))
	switch e.Format {
	case "xlsx":
		return newXLSX(ctx, w, fields, sheetName(e.Title))
	case "jsonl":
		return &jsonWriter{Writer: bufio.NewWriter(w), fields: fields}, nil
	case "vcf":
		return &cardWriter{Writer: bufio.NewWriter(w)}, nil
	}
	return newCSV(ctx, w, fields)
}

func instant(micros int64) time.Time { return db.Time(micros).Go() }

// sheetName is a title that may name a sheet.
func sheetName(title string) string {
	out := []rune{}
	for _, r := range title {
		if !slices.Contains([]rune(`[]:*?/\'`), r) && len(out) < 31 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return "1"
	}
	return string(out)
}
