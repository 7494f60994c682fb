package customers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/files"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// maxUpload is a file of the policy, with what a browser sends around it.
const maxUpload = 26 << 20

func (p *Pages) files(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.recordView(r.Context(), k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		v.tab = "files"
		return web.Render(w, r, http.StatusOK, filesPage(v))
	}
}

func (p *Pages) addFile(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		v, err := p.recordView(ctx, k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		if !v.CanEdit {
			return errs.Forbidden("customers.errors.not_yours")
		}
		v.tab = "files"
		f, err := p.takeFile(ctx, r, v)
		if errs.Is(err, errs.KindInvalid) {
			v.errors = ui.ErrorsOf(ctx, err)
			return web.Render(w, r, http.StatusUnprocessableEntity, filesPage(v))
		}
		if err != nil {
			return err
		}
		return after(w, r, recordPath(k, v.ID, "files"), web.Toast{Key: "customers.record.file_added", Params: map[string]any{"name": f.Name}, Undo: recordPath(k, v.ID, "files", f.ID, "remove")})
	}
}

// takeFile keeps the file of a form; its bytes are on disk before the
// transaction begins.
func (p *Pages) takeFile(ctx context.Context, r *http.Request, v recordView) (files.File, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return files.File{}, errs.Malformed("", "errors.malformed")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return files.File{}, errs.Invalid(errs.Field{Name: "file", Code: "errors.required"})
		}
		if err != nil {
			return files.File{}, errs.Malformed("", "errors.malformed")
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return p.keepFile(ctx, part, v)
		}
	}
}

func (p *Pages) keepFile(ctx context.Context, part *multipart.Part, v recordView) (files.File, error) {
	saved, err := p.Files.Save(ctx, files.Documents(), part.FileName(), part)
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return files.File{}, errs.Malformed("", "errors.too_large")
		}
		return files.File{}, err
	}
	return p.Service.AddFile(ctx, p.Files, v.Kind, v.ID, saved)
}

func (p *Pages) file(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := p.Service.File(r.Context(), k, web.Path(r, "id"), web.Path(r, "file"))
		if err != nil {
			return err
		}
		return p.Files.Serve(w, r, f)
	}
}

func (p *Pages) removeFile(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id := web.Path(r, "id")
		if err := p.Service.RemoveFile(r.Context(), k, id, web.Path(r, "file")); err != nil {
			return err
		}
		return after(w, r, recordPath(k, id, "files"), web.Toast{Key: "customers.record.file_removed", Icon: "trash-2"})
	}
}

// fileSize writes a size for people.
func fileSize(ctx context.Context, n int64) string {
	switch {
	case n >= 1<<20:
		return i18n.T(ctx, "customers.record.megabytes", "n", i18n.Decimal(ctx, float64(n)/(1<<20), 1))
	case n >= 1<<10:
		return i18n.T(ctx, "customers.record.kilobytes", "n", strconv.FormatInt(n>>10, 10))
	}
	return i18n.N(ctx, "customers.record.bytes", n)
}
