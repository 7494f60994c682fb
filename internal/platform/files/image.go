package files

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	defaultMaxPixels = 25_000_000
	jpegQuality      = 88
)

// codec reads one kind of image.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func codecFor(media string) (codec, bool) {
	switch media {
	case "image/jpeg":
		return codec{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png":
		return codec{png.DecodeConfig, png.Decode}, true
	case "image/gif":
		return codec{gif.DecodeConfig, gif.Decode}, true
	case "image/webp":
		return codec{webp.DecodeConfig, webp.Decode}, true
	}
	return codec{}, false
}

// picture is an image made anew.
type picture struct {
	media string // image/jpeg or image/png
	data  []byte
	thumb []byte // same media; nil: none was wanted
}

// redraw decodes data and encodes it again, upright. Photographs stay JPEG,
// everything else becomes PNG.
func redraw(data []byte, media string, p Policy) (picture, error) {
	c, ok := codecFor(media)
	if !ok {
		return picture{}, invalid("files.errors.broken_image")
	}
	cfg, err := c.config(bytes.NewReader(data))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return picture{}, invalid("files.errors.broken_image")
	}
	limit := p.MaxPixels
	if limit == 0 {
		limit = defaultMaxPixels
	}
	if cfg.Width > limit/cfg.Height {
		return picture{}, invalid("files.errors.too_many_pixels", "max", limit/1_000_000)
	}
	img, err := c.decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, invalid("files.errors.broken_image")
	}
	out := picture{media: "image/png"}
	if media == "image/jpeg" {
		out.media = media
		img = upright(img, jpegOrientation(data))
	}
	if out.data, err = encode(img, out.media); err != nil {
		return picture{}, err
	}
	if p.Thumbnail > 0 {
		out.thumb, err = encode(shrink(img, p.Thumbnail), out.media)
	}
	return out, err
}

func encode(img image.Image, media string) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if media == "image/jpeg" {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(&b, img)
	}
	return b.Bytes(), err
}

// shrink fits img into a square of the given side; a smaller one stays as it is.
func shrink(img image.Image, side int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w <= side && h <= side {
		return img
	}
	if w >= h {
		w, h = side, max(1, h*side/w)
	} else {
		w, h = max(1, w*side/h), side
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
	return small
}

// upright undoes how the camera was held (1 to 8, as EXIF counts), which is
// lost with the rest of EXIF.
func upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			r, g, bl, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			out.SetRGBA(tx, ty, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), uint8(a >> 8)})
		}
	}
	return out
}
