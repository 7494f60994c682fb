package i18n

import "context"

// names holds English and French names side by side.
type names map[string][2]string

func (n names) of(l *Localizer, code string) string {
	pair, ok := n[code]
	switch {
	case !ok:
		return code
	case l.locale.french:
		return pair[1]
	}
	return pair[0]
}

// countries are those our organisations trade with first; the rest read as their code.
func countries() names {
	return names{
		"AT": {"Austria", "Autriche"}, "BE": {"Belgium", "Belgique"}, "CA": {"Canada", "Canada"}, "CH": {"Switzerland", "Suisse"},
		"CI": {"Côte d’Ivoire", "Côte d’Ivoire"}, "DE": {"Germany", "Allemagne"}, "DZ": {"Algeria", "Algérie"}, "ES": {"Spain", "Espagne"},
		"FR": {"France", "France"}, "GB": {"United Kingdom", "Royaume-Uni"}, "IE": {"Ireland", "Irlande"}, "IT": {"Italy", "Italie"},
		"LU": {"Luxembourg", "Luxembourg"}, "MA": {"Morocco", "Maroc"}, "MC": {"Monaco", "Monaco"}, "NL": {"Netherlands", "Pays-Bas"},
		"PL": {"Poland", "Pologne"}, "PT": {"Portugal", "Portugal"}, "SN": {"Senegal", "Sénégal"}, "TN": {"Tunisia", "Tunisie"},
		"US": {"United States", "États-Unis"},
	}
}

// tongues are the languages people say they speak; the rest read as their code.
func tongues() names {
	return names{
		"ar": {"Arabic", "arabe"}, "br": {"Breton", "breton"}, "de": {"German", "allemand"}, "en": {"English", "anglais"}, "es": {"Spanish", "espagnol"},
		"fr": {"French", "français"}, "fr-CA": {"French (Canada)", "français (Canada)"}, "it": {"Italian", "italien"}, "lb": {"Luxembourgish", "luxembourgeois"},
		"nl": {"Dutch", "néerlandais"}, "pl": {"Polish", "polonais"}, "pt": {"Portuguese", "portugais"}, "ro": {"Romanian", "roumain"},
		"ru": {"Russian", "russe"}, "zh": {"Chinese", "chinois"},
	}
}

// CountryName names a country by its ISO 3166 code ("FR"), in the language of the context; an unknown code stays as it is.
func CountryName(ctx context.Context, code string) string { return countries().of(From(ctx), code) }

// LanguageName names a language by its tag ("fr"), in the language of the context; an unknown tag stays as it is.
func LanguageName(ctx context.Context, tag string) string { return tongues().of(From(ctx), tag) }

// OwnName names one of Languages in itself, for the switch: a reader looks for the word he knows.
func OwnName(lang string) string {
	switch lang {
	case English:
		return "English"
	case French:
		return "Français"
	case FrenchOfQuebec:
		return "Français (Québec)"
	}
	return lang
}
