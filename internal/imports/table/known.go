package table

import "strings"

// known tells that a cell is a name that columns often have, in French or English.
func known(name string) bool {
	n := strings.ToLower(strings.Trim(name, " \t:*#()\u00A0"))
	n = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "ç", "c", "ô", "o", "_", " ", "-", " ", ".", " ").Replace(n)
	for _, w := range strings.Fields(n) {
		switch w {
		case "id", "name", "nom", "prenom", "firstname", "lastname", "surname", "email", "mail", "courriel", "phone", "telephone", "tel", "mobile", "portable",
			"company", "societe", "entreprise", "organization", "organisation", "compte", "account", "city", "ville", "country", "pays", "address", "adresse",
			"zip", "postal", "zipcode", "date", "title", "titre", "civilite", "fonction", "owner", "proprietaire", "status", "statut", "notes", "url", "website",
			"siren", "siret", "code", "type", "source", "stage", "amount", "montant", "price", "prix", "description", "key", "val", "value", "valeur", "region",
			"departement", "department", "created", "updated", "birthday", "gender", "category", "categorie", "comments", "commentaire", "language", "langue":
			return true
		}
	}
	return false
}

// shapeNamed is the shape of values that a column's name promises, shapeEmpty when it promises none.
func shapeNamed(name string) shape {
	n := strings.ToLower(strings.TrimSpace(name))
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(n, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("mail", "courriel"):
		return shapeEmail
	case has("url", "website", "site web", "http"):
		return shapeURL
	case has("date", "birthday", "naissance"):
		return shapeDate
	case has("phone", "téléphone", "mobile"):
		return shapePhone
	case n == "id" || has("siren", "siret", "qty", "quantity", "quantité", "amount", "montant", "price", "prix", "total", "zip", "postal"):
		return shapeNumber
	}
	return shapeEmpty
}
