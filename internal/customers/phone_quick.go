package customers

import (
	"strings"
	"sync"
)

// quickPhone knows by heart the shapes that fill most cells: French, Belgian,
// Canadian and American numbers in digits and common separators. It answers only
// for numbers that are surely valid, and then exactly as the library does, which
// a test compares over the whole numbering plan; all others go the long way.
func quickPhone(s, country string) (Phone, bool) {
	var buf [16]byte
	d := buf[:0]
	plus := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			if len(d) == len(buf) {
				return Phone{}, false
			}
			d = append(d, c)
		case '+':
			if plus || len(d) > 0 {
				return Phone{}, false
			}
			plus = true
		case ' ', '-', '(', ')', '/':
		case '.':
			if i+2 == len(s) {
				return Phone{}, false // 33612345678.0
			}
		case 0xc2:
			if i+1 >= len(s) || s[i+1] != 0xa0 {
				return Phone{}, false
			}
			i++
		case 0xe2:
			if i+2 >= len(s) || s[i+1] != 0x80 || s[i+2] != 0xaf {
				return Phone{}, false
			}
			i += 2
		default:
			return Phone{}, false
		}
	}
	if !plus && len(d) > 2 && d[0] == '0' && d[1] == '0' {
		plus, d = true, d[2:]
	}
	if plus {
		switch {
		case len(d) > 2 && d[0] == '3' && d[1] == '3':
			return quickFrench(d[2:])
		case len(d) > 2 && d[0] == '3' && d[1] == '2':
			return quickBelgian(d[2:])
		case len(d) == 11 && d[0] == '1':
			return quickAmerican(d[1:])
		}
		return Phone{}, false
	}
	switch country {
	case "FR":
		return quickFrench(d)
	case "BE":
		return quickBelgian(d)
	case "CA", "US":
		if len(d) == 11 && d[0] == '1' {
			d = d[1:]
		}
		return quickAmerican(d)
	}
	return Phone{}, false
}

// national takes the zero of the national form off.
func national(d []byte) []byte {
	if len(d) > 0 && d[0] == '0' {
		return d[1:]
	}
	return d
}

func quickFrench(d []byte) (Phone, bool) {
	if d = national(d); len(d) != 9 {
		return Phone{}, false
	}
	kind := PhoneFixed
	a, b, c := d[0], d[1], d[2]
	switch a {
	case '1', '3', '9':
	case '2':
		if b == '6' {
			return Phone{}, false // Réunion and Mayotte
		}
	case '4':
		if b == '0' {
			return Phone{}, false
		}
	case '5':
		if b == '9' {
			return Phone{}, false // Antilles and Guyane
		}
	case '6':
		kind = PhoneMobile
		if b == '3' && c > '8' || b == '9' {
			return Phone{}, false
		}
	case '7':
		kind = PhoneMobile
		if b < '3' {
			return Phone{}, false
		}
	default:
		return Phone{}, false
	}
	return Phone{E164: "+33" + string(d), Valid: true, Kind: kind}, true
}

func quickBelgian(d []byte) (Phone, bool) {
	d = national(d)
	switch len(d) {
	case 9:
		if d[0] == '4' && d[1] >= '5' {
			return Phone{E164: "+32" + string(d), Valid: true, Kind: PhoneMobile}, true
		}
	case 8:
		b, ok := d[1], false
		switch d[0] {
		case '1':
			ok = b != '7' && b != '8'
		case '2', '3':
			ok = b >= '2' && b <= '8'
		case '4':
			ok = b == '2' || b == '3'
		case '5':
			ok = true
		case '6':
			ok = b != '2' && b != '6'
		case '7':
			ok = b == '1'
		case '8':
			ok = b != '0' && b != '8'
		case '9':
			ok = b >= '2' && b <= '4'
		}
		if ok {
			return Phone{E164: "+32" + string(d), Valid: true, Kind: PhoneFixed}, true
		}
	}
	return Phone{}, false
}

func quickAmerican(d []byte) (Phone, bool) {
	if len(d) != 10 || d[0] < '2' || d[3] < '2' {
		return Phone{}, false
	}
	if !areaCodes()[int(d[0]-'0')*100+int(d[1]-'0')*10+int(d[2]-'0')] {
		return Phone{}, false
	}
	return Phone{E164: "+1" + string(d), Valid: true, Kind: PhoneUnknown}, true
}

var areaCodes = sync.OnceValue(func() (known [1000]bool) {
	for _, code := range strings.Fields(areasOfAmerica) {
		known[int(code[0]-'0')*100+int(code[1]-'0')*10+int(code[2]-'0')] = true
	}
	return known
})

// areasOfAmerica are the area codes of Canada, then of the United States, in
// which every number may be given out.
const areasOfAmerica = `
204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 548
579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942

201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 227 228 229 231 234 235 239 240
248 251 252 253 254 256 260 262 267 269 270 272 276 279 281 283 301 302 303 304 305 307 308 309 310 312 313 314 315
316 317 318 319 320 321 323 324 325 326 327 329 330 331 332 334 336 337 339 341 346 347 350 351 352 353 360 361 363
364 369 380 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 442
443 445 447 448 458 463 464 469 470 475 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518
520 530 531 534 539 540 541 551 557 559 561 562 563 564 567 570 571 572 573 574 575 580 582 585 586 601 602 603 605
606 607 608 609 610 612 614 615 616 617 618 619 620 623 626 628 629 630 631 636 640 641 645 646 650 651 656 657 659
660 661 662 667 669 678 680 681 682 686 689 701 702 703 704 706 707 708 712 713 714 715 716 717 718 719 720 724 725
726 727 728 730 731 732 734 737 738 740 743 747 748 754 757 760 762 763 765 769 770 771 772 773 774 775 779 781 785
786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 820 821 826 828 830 831 832 835 838 839 840 843 845
847 848 850 854 856 857 858 859 860 862 863 864 865 870 872 878 901 903 904 906 907 908 909 910 912 913 914 915 916
917 918 919 920 925 928 929 930 931 934 936 937 938 940 941 943 945 947 948 949 951 952 954 956 959 970 971 972 973
975 978 979 980 984 985 986 989
`
