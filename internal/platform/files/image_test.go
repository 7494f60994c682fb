package files

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"unisson/internal/platform/errs"
)

const secret = "48.8583N 2.2945E Zoe Durand"

// drawing is 40 × 20: red left, blue right, a white corner at the top left.
func drawing() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.RGBA{200, 0, 0, 255}
			if x >= 20 {
				c = color.RGBA{0, 0, 200, 255}
			}
			if x < 8 && y < 8 {
				c = color.RGBA{255, 255, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func segment(marker byte, body string) []byte {
	b := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(len(body)+2))
	return append(b, body...)
}

// exif is an EXIF block with an orientation and, in a description, a secret.
func exif(order binary.AppendByteOrder, orientation uint16) string {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := []byte(head)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010e) // description, text, elsewhere
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, uint32(len(secret)))
	b = order.AppendUint32(b, 38)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = append(b, 0, 0, 0, 0, 0, 0)
	return "Exif\x00\x00" + string(b) + secret
}

// withSecrets adds every block in which a JPEG says who, where and with what.
func withSecrets(data []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	out := append([]byte{}, data[:2]...)
	out = append(out, segment(0xe1, exif(order, orientation))...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+secret+"</x:xmpmeta>")...)
	out = append(out, segment(0xed, "Photoshop 3.0\x008BIM\x04\x04"+secret)...)
	out = append(out, segment(0xe2, "ICC_PROFILE\x00\x01\x01"+secret)...)
	out = append(out, segment(0xfe, secret)...)
	out = append(out, data[2:]...)
	return append(out, ("PK\x03\x04 a second file behind the first: " + secret)...)
}

func chunk(name, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body)))
}

// T-F05.
func TestNothingAboutPersonPlaceAndCameraSurvives(t *testing.T) {
	p := Images()
	photo := withSecrets(asJPEG(t, drawing()), binary.BigEndian, 1)
	plain := asPNG(t, drawing())
	head := 8 + 25 // signature and IHDR
	poster := append([]byte{}, plain[:head]...)
	for _, c := range [][2]string{{"tEXt", "Author\x00" + secret}, {"iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00" + secret}, {"eXIf", exif(binary.LittleEndian, 6)[6:]}, {"prVt", secret}} {
		poster = append(poster, chunk(c[0], c[1])...)
	}
	poster = append(append(poster, plain[head:]...), ("<script>" + secret)...)
	var anim bytes.Buffer
	if err := gif.Encode(&anim, drawing(), nil); err != nil {
		t.Fatal(err)
	}
	comment := append(anim.Bytes()[:len(anim.Bytes())-1], append([]byte{0x21, 0xfe, byte(len(secret))}, secret+"\x00;"...)...)
	for media, data := range map[string][]byte{"image/jpeg": photo, "image/png": poster, "image/gif": comment} {
		if !bytes.Contains(data, []byte(secret)) {
			t.Fatalf("%s: the test hides nothing", media)
		}
		pic, err := redraw(data, media, p)
		if err != nil {
			t.Fatalf("%s: %v", media, err)
		}
		for what, out := range map[string][]byte{"image": pic.data, "thumbnail": pic.thumb} {
			if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("<script>")) {
				t.Errorf("%s: the %s still holds a secret", media, what)
			}
			if names := blocks(t, out); names != "JPEG" && names != "IHDR IDAT IEND " && names != "IHDR PLTE IDAT IEND " {
				t.Errorf("%s: the %s holds %s", media, what, names)
			}
		}
	}
}

// blocks names what an image is made of: its PNG chunks, or JPEG when that has
// no application block and no comment.
func blocks(t *testing.T, data []byte) string {
	t.Helper()
	if bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) {
		names := ""
		for b := data[8:]; len(b) >= 12; b = b[12+binary.BigEndian.Uint32(b):] {
			names += string(b[4:8]) + " "
		}
		return names
	}
	for i := 2; i+4 < len(data) && data[i] == 0xff && data[i+1] != 0xda; i += 2 + int(binary.BigEndian.Uint16(data[i+2:])) {
		if m := data[i+1]; m >= 0xe0 && m <= 0xef || m == 0xfe {
			return fmt.Sprintf("block %x", m)
		}
	}
	return "JPEG"
}

func TestPhotographsStandUpright(t *testing.T) {
	// Where the white corner of the drawing ends up, by orientation.
	corner := map[uint16]image.Point{1: {2, 2}, 2: {37, 2}, 3: {37, 17}, 4: {2, 17}, 5: {2, 2}, 6: {17, 2}, 7: {17, 37}, 8: {2, 37}}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for orientation, at := range corner {
			pic, err := redraw(withSecrets(asJPEG(t, drawing()), order, orientation), "image/jpeg", Images())
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(pic.data))
			if err != nil {
				t.Fatal(err)
			}
			wide := img.Bounds().Dx() > img.Bounds().Dy()
			if wide != (orientation < 5) {
				t.Errorf("orientation %d: %v", orientation, img.Bounds())
			}
			if r, g, b, _ := img.At(at.X, at.Y).RGBA(); r < 0xd000 || g < 0xd000 || b < 0xd000 {
				t.Errorf("orientation %d %v: the corner is not at %v but %x %x %x", orientation, order, at, r, g, b)
			}
		}
	}
}

func TestBrokenEXIFMeansUpright(t *testing.T) {
	good := withSecrets(asJPEG(t, drawing()), binary.LittleEndian, 6)
	if jpegOrientation(good) != 6 {
		t.Fatal("the test is blind")
	}
	for i := range len(segment(0xe1, exif(binary.LittleEndian, 6))) + 2 {
		cut := append([]byte{}, good[:i]...)
		if got := jpegOrientation(cut); got != 1 {
			t.Errorf("cut at %d: %d", i, got)
		}
	}
	for _, orientation := range []uint16{0, 9, 65535} {
		if got := jpegOrientation(withSecrets(asJPEG(t, drawing()), binary.BigEndian, orientation)); got != 1 {
			t.Errorf("%d is read as %d", orientation, got)
		}
	}
}

// T-F04: a picture larger than memory is refused by its head alone.
func TestAHugeImageIsRefusedBeforeItIsDecoded(t *testing.T) {
	side := []byte{0, 0, 0xc3, 0x50} // 50,000
	ihdr := string(side) + string(side) + "\x08\x06\x00\x00\x00"
	hugePNG := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", ihdr)...)
	hugePNG = append(hugePNG, chunk("IDAT", "\x78\x9c\x00")...)
	hugeJPEG := append(append([]byte{0xff, 0xd8}, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...), segment(0xc0, "\x08\xc3\x50\xc3\x50\x01\x01\x11\x00")...)
	hugeGIF := []byte("GIF89a\x50\xc3\x50\xc3\x80\x00\x00\x00\x00\x00\xff\xff\xff")
	for media, data := range map[string][]byte{"image/png": hugePNG, "image/jpeg": hugeJPEG, "image/gif": hugeGIF} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := redraw(data, media, Images())
		runtime.ReadMemStats(&after)
		fields := errs.FieldsOf(err)
		if len(fields) != 1 || fields[0].Code != "files.errors.too_many_pixels" || fields[0].Params["max"] != 25 {
			t.Errorf("%s: %v", media, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
			t.Errorf("%s: %d bytes were taken", media, used)
		}
	}
	p := Images()
	p.MaxPixels = 40 * 20
	if _, err := redraw(asPNG(t, drawing()), "image/png", p); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	p.MaxPixels--
	if _, err := redraw(asPNG(t, drawing()), "image/png", p); err == nil {
		t.Error("one more than the limit was accepted")
	}
}

func TestBrokenImagesAreRefused(t *testing.T) {
	whole := asPNG(t, drawing())
	for name, data := range map[string][]byte{
		"cut head": whole[:20], "cut body": whole[:len(whole)-20], "no image": []byte("\x89PNG\r\n\x1a\nnothing"), "empty": {},
	} {
		_, err := redraw(data, "image/png", Images())
		if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Code != "files.errors.broken_image" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := redraw(whole, "image/svg+xml", Images()); err == nil {
		t.Error("a drawing in SVG was drawn")
	}
}

func TestThumbnailsFitTheirSquare(t *testing.T) {
	for _, test := range []struct{ w, h, wantW, wantH int }{
		{640, 320, 320, 160}, {320, 640, 160, 320}, {320, 320, 320, 320}, {10, 20, 10, 20}, {4000, 3, 320, 1}, {3, 4000, 1, 320},
	} {
		pic, err := redraw(asPNG(t, image.NewNRGBA(image.Rect(0, 0, test.w, test.h))), "image/png", Images())
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(pic.thumb))
		if err != nil || cfg.Width != test.wantW || cfg.Height != test.wantH {
			t.Errorf("%d × %d: %d × %d %v", test.w, test.h, cfg.Width, cfg.Height, err)
		}
	}
	p := Images()
	p.Thumbnail = 0
	if pic, err := redraw(asPNG(t, drawing()), "image/png", p); err != nil || pic.thumb != nil {
		t.Error("a thumbnail that nobody wanted")
	}
}

func TestTransparencySurvives(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 700, 700))
	pic, err := redraw(asPNG(t, img), "image/png", Images())
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{pic.data, pic.thumb} {
		out, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, a := out.At(3, 3).RGBA(); a != 0 {
			t.Errorf("alpha %x", a)
		}
	}
}

func FuzzJPEGOrientation(f *testing.F) {
	f.Add(withSecrets(asJPEG(f, drawing()), binary.LittleEndian, 6)[:200])
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10" + strings.Repeat("\x00", 14)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := jpegOrientation(data); got < 1 || got > 8 {
			t.Errorf("%d", got)
		}
	})
}
