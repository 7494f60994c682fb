package customers

// countryNames has one country a line: the two codes of ISO 3166, then names in
// English, in French, in the country's own tongue, and what else people write.
// Names are compared by plain, without a leading article.
const countryNames = `
AD AND Andorra|Andorre
AE ARE United Arab Emirates|Émirats arabes unis|UAE|EAU|Emirates|Émirats|Dubai|Dubaï|Abu Dhabi
AF AFG Afghanistan
AG ATG Antigua and Barbuda|Antigua-et-Barbuda|Antigua & Barbuda
AI AIA Anguilla
AL ALB Albania|Albanie|Shqipëri
AM ARM Armenia|Arménie
AO AGO Angola
AQ ATA Antarctica|Antarctique
AR ARG Argentina|Argentine
AS ASM American Samoa|Samoa américaines
AT AUT Austria|Autriche|Österreich|Oesterreich
AU AUS Australia|Australie
AW ABW Aruba
AX ALA Åland Islands|Îles Åland|Åland
AZ AZE Azerbaijan|Azerbaïdjan
BA BIH Bosnia and Herzegovina|Bosnie-Herzégovine|Bosnia & Herzegovina|Bosnie|Bosnia
BB BRB Barbados|Barbade
BD BGD Bangladesh
BE BEL Belgium|Belgique|België|Belgie|Belgien|Royaume de Belgique
BF BFA Burkina Faso|Burkina
BG BGR Bulgaria|Bulgarie
BH BHR Bahrain|Bahreïn
BI BDI Burundi
BJ BEN Benin|Bénin
BL BLM Saint Barthélemy|Saint-Barthélemy|St. Barthélemy|St Barth
BM BMU Bermuda|Bermudes
BN BRN Brunei|Brunéi Darussalam|Brunei Darussalam
BO BOL Bolivia|Bolivie|Plurinational State of Bolivia
BQ BES Caribbean Netherlands|Pays-Bas caribéens|Bonaire
BR BRA Brazil|Brésil|Brasil
BS BHS Bahamas
BT BTN Bhutan|Bhoutan
BV BVT Bouvet Island|Île Bouvet
BW BWA Botswana
BY BLR Belarus|Biélorussie|Bélarus
BZ BLZ Belize
CA CAN Canada|Québec
CC CCK Cocos (Keeling) Islands|Îles Cocos
CD COD Democratic Republic of the Congo|République démocratique du Congo|Congo - Kinshasa|Congo-Kinshasa|RDC|DRC|RD Congo|Zaïre
CF CAF Central African Republic|République centrafricaine|Centrafrique
CG COG Congo|Republic of the Congo|République du Congo|Congo - Brazzaville|Congo-Brazzaville
CH CHE Switzerland|Suisse|Schweiz|Svizzera|Svizra|Confédération suisse
CI CIV Côte d’Ivoire|Ivory Coast|Cote Divoire
CK COK Cook Islands|Îles Cook
CL CHL Chile|Chili
CM CMR Cameroon|Cameroun
CN CHN China|Chine|People's Republic of China|République populaire de Chine|PRC
CO COL Colombia|Colombie
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cape Verde|Cap-Vert|Cabo Verde
CW CUW Curaçao
CX CXR Christmas Island|Île Christmas
CY CYP Cyprus|Chypre
CZ CZE Czechia|Tchéquie|Czech Republic|République tchèque|Česko|Rép. tchèque
DE DEU Germany|Allemagne|Deutschland|Germania|Federal Republic of Germany|République fédérale d'Allemagne|RFA
DJ DJI Djibouti
DK DNK Denmark|Danemark|Danmark
DM DMA Dominica|Dominique
DO DOM Dominican Republic|République dominicaine
DZ DZA Algeria|Algérie
EC ECU Ecuador|Équateur
EE EST Estonia|Estonie|Eesti
EG EGY Egypt|Égypte
EH ESH Western Sahara|Sahara occidental
ER ERI Eritrea|Érythrée
ES ESP Spain|Espagne|España
ET ETH Ethiopia|Éthiopie
FI FIN Finland|Finlande|Suomi
FJ FJI Fiji|Fidji
FK FLK Falkland Islands|Îles Malouines|Malouines
FM FSM Micronesia|Micronésie|États fédérés de Micronésie|Federated States of Micronesia
FO FRO Faroe Islands|Îles Féroé
FR FRA France|République française|French Republic|Frankreich|Francia|Frankrijk|France métropolitaine|FX
GA GAB Gabon
GB GBR United Kingdom|Royaume-Uni|UK|U.K.|Great Britain|Grande-Bretagne|Britain|England|Angleterre|Scotland|Écosse|Wales|Pays de Galles|Northern Ireland|Irlande du Nord|United Kingdom of Great Britain and Northern Ireland|RU (Royaume-Uni)
GD GRD Grenada|Grenade
GE GEO Georgia|Géorgie
GF GUF French Guiana|Guyane française|Guyane
GG GGY Guernsey|Guernesey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland|Groenland
GM GMB Gambia|Gambie
GN GIN Guinea|Guinée|Guinée-Conakry
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea|Guinée équatoriale
GR GRC Greece|Grèce|Hellas|Ellada
GS SGS South Georgia and South Sandwich Islands|Géorgie du Sud-et-les Îles Sandwich du Sud|South Georgia & South Sandwich Islands|Géorgie du Sud|Géorgie du Sud et îles Sandwich du Sud
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau|Guinée-Bissau
GY GUY Guyana
HK HKG Hong Kong|Hong Kong SAR China|R.A.S. chinoise de Hong Kong|Hongkong
HM HMD Heard and McDonald Islands|Îles Heard-et-MacDonald|Heard & McDonald Islands|Îles Heard et McDonald
HN HND Honduras
HR HRV Croatia|Croatie|Hrvatska
HT HTI Haiti|Haïti
HU HUN Hungary|Hongrie|Magyarország
ID IDN Indonesia|Indonésie
IE IRL Ireland|Irlande|Éire|Republic of Ireland|République d'Irlande
IL ISR Israel|Israël
IM IMN Isle of Man|Île de Man
IN IND India|Inde|Bharat
IO IOT British Indian Ocean Territory|Territoire britannique de l’océan Indien
IQ IRQ Iraq|Irak
IR IRN Iran|Islamic Republic of Iran
IS ISL Iceland|Islande|Ísland
IT ITA Italy|Italie|Italia|Italien
JE JEY Jersey
JM JAM Jamaica|Jamaïque
JO JOR Jordan|Jordanie
JP JPN Japan|Japon|Nippon
KE KEN Kenya
KG KGZ Kyrgyzstan|Kirghizstan|Kirghizistan
KH KHM Cambodia|Cambodge
KI KIR Kiribati
KM COM Comoros|Comores
KN KNA Saint Kitts and Nevis|Saint-Christophe-et-Niévès|St. Kitts & Nevis|Saint-Kitts-et-Nevis
KP PRK North Korea|Corée du Nord
KR KOR South Korea|Corée du Sud|Korea|Corée|Republic of Korea|République de Corée
KW KWT Kuwait|Koweït
KY CYM Cayman Islands|Îles Caïmans
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Lebanon|Liban
LC LCA Saint Lucia|Sainte-Lucie|St. Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia|Libéria
LS LSO Lesotho
LT LTU Lithuania|Lituanie|Lietuva
LU LUX Luxembourg|Luxemburg|Grand-Duché de Luxembourg|Grand Duchy of Luxembourg|GDL|Lëtzebuerg
LV LVA Latvia|Lettonie|Latvija
LY LBY Libya|Libye
MA MAR Morocco|Maroc|Royaume du Maroc
MC MCO Monaco|Principauté de Monaco
MD MDA Moldova|Moldavie|Republic of Moldova
ME MNE Montenegro|Monténégro|Crna Gora
MF MAF Saint Martin|Saint-Martin|St. Martin
MG MDG Madagascar
MH MHL Marshall Islands|Îles Marshall
MK MKD North Macedonia|Macédoine du Nord|Macedonia|Macédoine
ML MLI Mali
MM MMR Myanmar|Myanmar (Burma)|Myanmar (Birmanie)|Birmanie|Burma
MN MNG Mongolia|Mongolie
MO MAC Macao|Macau|Macau SAR China|Macao SAR China|R.A.S. chinoise de Macao
MP MNP Northern Mariana Islands|Îles Mariannes du Nord
MQ MTQ Martinique
MR MRT Mauritania|Mauritanie
MS MSR Montserrat
MT MLT Malta|Malte
MU MUS Mauritius|Maurice|Île Maurice
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico|Mexique|México
MY MYS Malaysia|Malaisie
MZ MOZ Mozambique
NA NAM Namibia|Namibie
NC NCL New Caledonia|Nouvelle-Calédonie
NE NER Niger
NF NFK Norfolk Island|Île Norfolk
NG NGA Nigeria|Nigéria
NI NIC Nicaragua
NL NLD Netherlands|Pays-Bas|Holland|Hollande|Nederland|Niederlande|The Netherlands
NO NOR Norway|Norvège|Norge
NP NPL Nepal|Népal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand|Nouvelle-Zélande
OM OMN Oman
PA PAN Panama
PE PER Peru|Pérou|Perú
PF PYF French Polynesia|Polynésie française|Tahiti
PG PNG Papua New Guinea|Papouasie-Nouvelle-Guinée
PH PHL Philippines
PK PAK Pakistan
PL POL Poland|Pologne|Polska
PM SPM Saint Pierre and Miquelon|Saint-Pierre-et-Miquelon|St. Pierre & Miquelon
PN PCN Pitcairn Islands|Îles Pitcairn|Pitcairn
PR PRI Puerto Rico|Porto Rico
PS PSE Palestine|Palestinian Territories|Territoires palestiniens|State of Palestine
PT PRT Portugal
PW PLW Palau|Palaos
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion|La Réunion|Île de la Réunion
RO ROU Romania|Roumanie|România
RS SRB Serbia|Serbie|Srbija
RU RUS Russia|Russie|Russian Federation|Fédération de Russie
RW RWA Rwanda
SA SAU Saudi Arabia|Arabie saoudite|KSA
SB SLB Solomon Islands|Îles Salomon
SC SYC Seychelles
SD SDN Sudan|Soudan
SE SWE Sweden|Suède|Sverige
SG SGP Singapore|Singapour
SH SHN Saint Helena|Sainte-Hélène|St. Helena
SI SVN Slovenia|Slovénie|Slovenija
SJ SJM Svalbard and Jan Mayen|Svalbard et Jan Mayen|Svalbard & Jan Mayen
SK SVK Slovakia|Slovaquie|Slovak Republic|Slovensko
SL SLE Sierra Leone
SM SMR San Marino|Saint-Marin
SN SEN Senegal|Sénégal
SO SOM Somalia|Somalie
SR SUR Suriname
SS SSD South Sudan|Soudan du Sud
ST STP São Tomé and Príncipe|Sao Tomé-et-Principe|São Tomé & Príncipe|Sao Tome
SV SLV El Salvador|Salvador
SX SXM Sint Maarten|Saint-Martin (partie néerlandaise)
SY SYR Syria|Syrie|Syrian Arab Republic
SZ SWZ Eswatini|Swaziland
TC TCA Turks and Caicos Islands|Îles Turques-et-Caïques|Turks & Caicos Islands
TD TCD Chad|Tchad
TF ATF French Southern Territories|Terres australes françaises|TAAF
TG TGO Togo
TH THA Thailand|Thaïlande
TJ TJK Tajikistan|Tadjikistan
TK TKL Tokelau|Tokélaou
TL TLS Timor-Leste|Timor oriental|East Timor
TM TKM Turkmenistan|Turkménistan
TN TUN Tunisia|Tunisie
TO TON Tonga
TR TUR Turkey|Turquie|Türkiye
TT TTO Trinidad and Tobago|Trinité-et-Tobago|Trinidad & Tobago|Trinité
TV TUV Tuvalu
TW TWN Taiwan|Taïwan
TZ TZA Tanzania|Tanzanie
UA UKR Ukraine
UG UGA Uganda|Ouganda
UM UMI U.S. Outlying Islands|Îles mineures éloignées des États-Unis
US USA United States|États-Unis|United States of America|États-Unis d'Amérique|U.S.A.|U.S.|America|Amérique|Etats Unis d Amérique|EUA|Estados Unidos|USA (États-Unis)
UY URY Uruguay
UZ UZB Uzbekistan|Ouzbékistan
VA VAT Vatican City|État de la Cité du Vatican|Vatican|Holy See|Saint-Siège
VC VCT Saint Vincent and the Grenadines|Saint-Vincent-et-les-Grenadines|St. Vincent & Grenadines
VE VEN Venezuela
VG VGB British Virgin Islands|Îles Vierges britanniques
VI VIR U.S. Virgin Islands|Îles Vierges des États-Unis
VN VNM Vietnam|Viêt Nam|Viet Nam
VU VUT Vanuatu
WF WLF Wallis and Futuna|Wallis-et-Futuna|Wallis & Futuna
WS WSM Samoa
XK XKX Kosovo
YE YEM Yemen|Yémen
YT MYT Mayotte
ZA ZAF South Africa|Afrique du Sud|RSA
ZM ZMB Zambia|Zambie
ZW ZWE Zimbabwe
`

// languageNames has one language a line: its code, the three-letter codes, then
// names in English, French and its own tongue.
const languageNames = `
fr fra fre French|français|francophone|française
en eng English|anglais|anglophone|anglaise|englisch|inglés|inglese
de deu ger German|allemand|Deutsch|allemande|duits|tedesco
es spa Spanish|espagnol|español|castellano|castillan|espagnole
it ita Italian|italien|italiano|italienne
pt por Portuguese|portugais|português
nl nld dut Dutch|néerlandais|Nederlands|flamand|Flemish|hollandais|Vlaams
lb ltz Luxembourgish|luxembourgeois|Lëtzebuergesch
rm roh Romansh|romanche|rumantsch
ca cat Catalan|català
eu eus baq Basque|euskara
br bre Breton|brezhoneg
co cos Corsican|corse|corsu
oc oci Occitan
ga gle Irish|irlandais|Gaeilge
cy cym wel Welsh|gallois|Cymraeg
da dan Danish|danois|dansk
sv swe Swedish|suédois|svenska
no nor Norwegian|norvégien|norsk
nb nob Norwegian Bokmål|norvégien bokmål|bokmål|norsk bokmål
nn nno Norwegian Nynorsk|norvégien nynorsk|nynorsk
fi fin Finnish|finnois|suomi|finlandais
is isl ice Icelandic|islandais|íslenska
et est Estonian|estonien|eesti
lv lav Latvian|letton|latviešu
lt lit Lithuanian|lituanien|lietuvių
pl pol Polish|polonais|polski
cs ces cze Czech|tchèque|čeština
sk slk slo Slovak|slovaque|slovenčina
sl slv Slovenian|slovène|slovenščina|Slovene
hu hun Hungarian|hongrois|magyar
ro ron rum Romanian|roumain|română
bg bul Bulgarian|bulgare|български
hr hrv Croatian|croate|hrvatski
sr srp Serbian|serbe|српски
bs bos Bosnian|bosniaque|bosanski
mk mkd mac Macedonian|macédonien|македонски
sq sqi alb Albanian|albanais|shqip
el ell gre Greek|grec|Ελληνικά
tr tur Turkish|turc|Türkçe
ru rus Russian|russe|русский
uk ukr Ukrainian|ukrainien|українська
be bel Belarusian|biélorusse
ka kat geo Georgian|géorgien
hy hye arm Armenian|arménien
ar ara Arabic|arabe|العربية
he heb Hebrew|hébreu|עברית
fa fas per Persian|persan|farsi
hi hin Hindi
ur urd Urdu|ourdou
bn ben Bengali|Bangla
ta tam Tamil|tamoul
zh zho chi Chinese|chinois|中文|Mandarin
ja jpn Japanese|japonais|日本語
ko kor Korean|coréen|한국어
vi vie Vietnamese|vietnamien|Tiếng Việt
th tha Thai|thaï
id ind Indonesian|indonésien|Bahasa Indonesia|Indonesia
ms msa may Malay|malais|Melayu
mg mlg Malagasy|malgache
sw swa Swahili
wo wol Wolof
ht hat Haitian Creole|créole haïtien|créole|kreyòl
mt mlt Maltese|maltais|Malti
`
