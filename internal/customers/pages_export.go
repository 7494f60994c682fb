package customers

import (
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"

	"unisson/internal/platform/i18n"
)

// export gives a list as a file. It is written to the disk first: whatever goes
// wrong is said on a page, and a file that arrives is whole.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.bulkState(r)
	if err != nil {
		return err
	}
	e := Export{Query: Query{Kind: v.kind, Filter: v.filter, Sort: v.sort}, Columns: v.columns, Format: v.form.Format, Title: v.title(ctx)}
	if e.Format == "" {
		e.Format = "csv"
	}
	if len(v.form.ID) > 0 {
		e.IDs = v.form.ID
	}
	f, err := os.CreateTemp("", "unisson-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := p.Service.Export(ctx, e, f); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	name := e.Title + " " + p.Clock.Now().In(i18n.Zone(ctx)).Format("2006-01-02") + "." + e.Format
	h := w.Header()
	h.Set("Content-Type", exportTypes(e.Format))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Cache-Control", "no-store")
	_, _ = io.Copy(w, f) // a reader who went away is not our failure
	return nil
}

func exportTypes(format string) string {
	switch format {
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "jsonl":
		return "application/jsonl; charset=utf-8"
	case "vcf":
		return "text/vcard; charset=utf-8"
	}
	return "text/csv; charset=utf-8"
}
