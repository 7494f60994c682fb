package customers

import (
	"strings"
	"sync"
)

// provinceNames has the provinces of Canada, then the states of the United
// States, one a line: code, names.
const canadianProvinces = `
AB Alberta
BC British Columbia|Colombie-Britannique
MB Manitoba
NB New Brunswick|Nouveau-Brunswick
NL Newfoundland and Labrador|Terre-Neuve-et-Labrador|Newfoundland|Terre-Neuve
NS Nova Scotia|Nouvelle-Écosse
NT Northwest Territories|Territoires du Nord-Ouest
NU Nunavut
ON Ontario|Ont.
PE Prince Edward Island|Île-du-Prince-Édouard
QC Quebec|Québec|PQ|Qué.
SK Saskatchewan
YT Yukon
`

const americanStates = `
AL Alabama
AK Alaska
AZ Arizona
AR Arkansas
CA California|Californie
CO Colorado
CT Connecticut
DE Delaware
DC District of Columbia
FL Florida|Floride
GA Georgia|Géorgie
HI Hawaii
ID Idaho
IL Illinois
IN Indiana
IA Iowa
KS Kansas
KY Kentucky
LA Louisiana|Louisiane
ME Maine
MD Maryland
MA Massachusetts
MI Michigan
MN Minnesota
MS Mississippi
MO Missouri
MT Montana
NE Nebraska
NV Nevada
NH New Hampshire
NJ New Jersey
NM New Mexico|Nouveau-Mexique
NY New York
NC North Carolina|Caroline du Nord
ND North Dakota|Dakota du Nord
OH Ohio
OK Oklahoma
OR Oregon
PA Pennsylvania|Pennsylvanie
RI Rhode Island
SC South Carolina|Caroline du Sud
SD South Dakota|Dakota du Sud
TN Tennessee
TX Texas
UT Utah
VT Vermont
VA Virginia|Virginie
WA Washington
WV West Virginia|Virginie-Occidentale
WI Wisconsin
WY Wyoming
`

// provinces maps codes and names, as plain gives them, to codes.
var provinces = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(canadianProvinces+strings.TrimSpace(americanStates)), "\n") {
		out[plain(line[:2])] = line[:2]
		for _, name := range strings.Split(line[3:], "|") {
			out[plain(name)] = line[:2]
		}
	}
	return out
})

func countryOfProvince(code string) string {
	if strings.Contains(canadianProvinces, "\n"+code+" ") {
		return "CA"
	}
	return "US"
}
