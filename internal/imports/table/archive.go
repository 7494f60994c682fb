package table

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// openArchive reads the directory of a ZIP file and judges it before anything is unpacked.
func openArchive(src Source) (*zip.Reader, error) {
	if src.Size() > MaxPacked {
		return nil, refuse("imports.refused.archive_too_big", "max", MaxPacked>>20)
	}
	// archive/zip makes a value of each entry while it reads the directory: the count is looked at first.
	if n, ok := entriesClaimed(src); ok && n > MaxEntries {
		return nil, refuse("imports.refused.archive_entries", "max", MaxEntries)
	}
	z, err := zip.NewReader(src, src.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Refusal{Code: "imports.refused.archive_broken", Err: err}
	}
	if len(z.File) > MaxEntries {
		return nil, refuse("imports.refused.archive_entries", "max", MaxEntries)
	}
	var unpacked, packed uint64
	spans := make([][2]int64, 0, len(z.File))
	for _, f := range z.File {
		switch {
		case badName(f.Name):
			return nil, refuse("imports.refused.archive_path", "name", clip(f.Name))
		case f.Mode().Type() != 0 && !f.Mode().IsDir(): // a link, a device
			return nil, refuse("imports.refused.archive_path", "name", clip(f.Name))
		case f.Flags&1 != 0:
			return nil, refuse("imports.refused.encrypted")
		case f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/MaxRatio > f.CompressedSize64:
			return nil, refuse("imports.refused.zip_bomb")
		}
		unpacked += f.UncompressedSize64
		packed += f.CompressedSize64
		if unpacked > MaxUnpacked || f.UncompressedSize64 > MaxUnpacked || packed > uint64(src.Size()) {
			return nil, refuse("imports.refused.zip_bomb")
		}
		at, err := f.DataOffset()
		if err != nil {
			return nil, &Refusal{Code: "imports.refused.archive_broken", Err: err}
		}
		spans = append(spans, [2]int64{at, at + int64(f.CompressedSize64)})
	}
	if overlap(spans) {
		return nil, refuse("imports.refused.zip_bomb")
	}
	return z, nil
}

// entriesClaimed reads the number of entries from the end of the archive, as its directory claims it.
func entriesClaimed(src Source) (int, bool) {
	n := min(src.Size(), 66_000)
	tail := make([]byte, n)
	if _, err := src.ReadAt(tail, src.Size()-n); err != nil && err != io.EOF {
		return 0, false
	}
	for i := len(tail) - 22; i >= 0; i-- {
		if string(tail[i:i+4]) == "PK\x05\x06" {
			count := int(binary.LittleEndian.Uint16(tail[i+10:]))
			size := int64(binary.LittleEndian.Uint32(tail[i+12:]))
			// A directory entry has at least 46 bytes, so the size tells of a count that is cut to 16 bits.
			if count == 0xFFFF || size > int64(MaxEntries)*46*20 {
				return MaxEntries + 1, true
			}
			return count, true
		}
	}
	return 0, false
}

func overlap(spans [][2]int64) bool {
	slices.SortFunc(spans, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for i := 1; i < len(spans); i++ {
		if spans[i][0] < spans[i-1][1] {
			return true
		}
	}
	return false
}

// badName tells of a name that would leave the folder it is unpacked to. We never unpack to disk, but an archive with
// such a name was made to harm somebody.
func badName(name string) bool {
	if name == "" || strings.ContainsAny(name, "\\\x00") || strings.HasPrefix(name, "/") || (len(name) > 1 && name[1] == ':') {
		return true
	}
	for _, part := range strings.Split(name, "/") {
		stem, _, _ := strings.Cut(strings.ToUpper(part), ".")
		switch stem {
		case "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "LPT1", "LPT2", "LPT3":
			return true // devices of Windows
		}
		if part == ".." {
			return true
		}
	}
	return false
}

// readers of one entry count what really comes out of it.
type entryReader struct {
	ctx  context.Context
	in   io.ReadCloser
	left int64
	name string
}

func (e *entryReader) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := e.in.Read(p)
	e.left -= int64(n)
	if e.left < 0 {
		return 0, refuse("imports.refused.zip_bomb")
	}
	if err != nil && err != io.EOF {
		return n, &Refusal{Code: "imports.refused.archive_broken", Err: err}
	}
	return n, err
}

func (e *entryReader) Close() error { return e.in.Close() }

func openEntry(ctx context.Context, f *zip.File) (io.ReadCloser, error) {
	in, err := f.Open()
	if err != nil {
		return nil, &Refusal{Code: "imports.refused.archive_broken", Err: err}
	}
	return &entryReader{ctx, in, min(int64(f.UncompressedSize64), MaxUnpacked), f.Name}, nil
}

// usefulEntries are the files of an archive that a person would call files: no folders, no resource forks.
func usefulEntries(z *zip.Reader) []*zip.File {
	var out []*zip.File
	for _, f := range z.File {
		base := path.Base(f.Name)
		if f.Mode().IsDir() || strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "thumbs.db") {
			continue
		}
		out = append(out, f)
	}
	return out
}
