package backup

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"

	"unisson/internal/platform/secret"
)

const (
	sealLabel = "unisson-seal-1\n"
	sealText  = len(sealLabel) + len("sha256 \nmac \n") + 2*64
	sealSize  = 10 + 5 + sealText + 8
)

// sealHead is a gzip header without name or time, then a last, stored block of
// sealText bytes.
var sealHead = append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, byte(sealText), byte(sealText >> 8),
	^byte(sealText), ^byte(sealText >> 8)}, sealLabel...)

// seal gives the last bytes of an archive whose other bytes have this digest.
func seal(digest []byte, keys *secret.Keys) []byte {
	out := append([]byte(nil), sealHead...)
	out = append(out, "sha256 "+hex.EncodeToString(digest)+"\nmac "+mac(digest, keys)+"\n"...)
	text := out[len(sealHead)-len(sealLabel):]
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(text))
	return binary.LittleEndian.AppendUint32(out, uint32(len(text)))
}

func mac(digest []byte, keys *secret.Keys) string {
	m := hmac.New(sha256.New, keys.Subkey("backup seal"))
	m.Write(digest)
	return hex.EncodeToString(m.Sum(nil))
}

// openSeal reads a whole archive and checks its digest. It gives the size
// without the seal and a check of the MAC, which is made once the key's
// fingerprint is known to fit.
func openSeal(r io.ReaderAt, size int64) (body int64, forged func(*secret.Keys) error, err error) {
	magic := make([]byte, 4)
	if n, err := r.ReadAt(magic, 0); err != nil && err != io.EOF {
		return 0, nil, err
	} else if !bytes.HasPrefix(sealHead, magic[:min(n, 3)]) {
		return 0, nil, ErrNotBackup
	}
	body = size - int64(sealSize)
	if body <= 0 {
		return 0, nil, ErrTruncated
	}
	got := make([]byte, sealSize)
	if _, err := r.ReadAt(got, body); err != nil && err != io.EOF {
		return 0, nil, err
	}
	if !bytes.HasPrefix(got, sealHead) {
		if resembles(got, sealHead) {
			return 0, nil, ErrAltered
		}
		return 0, nil, ErrTruncated
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, body)); err != nil {
		return 0, nil, err
	}
	digest := h.Sum(nil)
	sums := got[len(sealHead) : sealSize-8]
	sum := crc32.ChecksumIEEE(got[len(sealHead)-len(sealLabel) : sealSize-8])
	if !bytes.HasPrefix(sums, []byte("sha256 "+hex.EncodeToString(digest)+"\nmac ")) ||
		binary.LittleEndian.Uint32(got[sealSize-8:]) != sum || binary.LittleEndian.Uint32(got[sealSize-4:]) != uint32(sealText) {
		return 0, nil, ErrAltered
	}
	return body, func(keys *secret.Keys) error {
		if !hmac.Equal(got, seal(digest, keys)) {
			return ErrForged
		}
		return nil
	}, nil
}

// resembles tells a damaged seal from a missing one.
func resembles(got, want []byte) bool {
	same := 0
	for i := range want {
		if got[i] == want[i] {
			same++
		}
	}
	return same > len(want)*3/4
}
