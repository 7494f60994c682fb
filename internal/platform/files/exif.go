package files

import (
	"bytes"
	"encoding/binary"
)

// jpegOrientation reads how the camera was held from the EXIF block of a JPEG:
// 1 to 8; 1 where nothing is said or the block is broken.
func jpegOrientation(data []byte) int {
	const upright, startOfScan, app1 = 1, 0xda, 0xe1
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker, size := data[i+1], int(binary.BigEndian.Uint16(data[i+2:]))
		if marker == 0xff { // padding
			i++
			continue
		}
		if marker == startOfScan || size < 2 || i+2+size > len(data) {
			break
		}
		block := data[i+4 : i+2+size]
		if exif, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00")); ok && marker == app1 {
			return tiffOrientation(exif)
		}
		i += 2 + size
	}
	return upright
}

func tiffOrientation(b []byte) int {
	const upright, tag, short, entry = 1, 0x0112, 3, 12
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return upright
	}
	count := int(order.Uint16(b[at:]))
	for i := range count {
		e := at + 2 + uint64(i)*entry
		if e+entry > uint64(len(b)) {
			break
		}
		if order.Uint16(b[e:]) == tag && order.Uint16(b[e+2:]) == short {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			break
		}
	}
	return upright
}
