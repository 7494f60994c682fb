package timeline

// step is one thing that happens in a story of the demonstration. In texts {p}
// is a product, {v} a town, {n} a number.
type step struct {
	kind Kind
	dir  Direction
	by   Voice // who does it on our side
	text string
	days int // after the step before, at most
}

// demoStories are what happens between a firm that sells pumps and those who
// buy or do not: told as people note it.
func demoStories() [][]step {
	return [][]step{
		{ // from a form to an order
			{"form", In, Marketing, "Demande de documentation sur les {p}, reçue par le site.", 0},
			{"mail", Out, Marketing, "Documentation des {p} envoyée, avec l’étude de cas de {v}.", 2},
			{"call", Out, Sales, "Premier appel. Deux lignes concernées, budget à l’étude, réponse attendue avant la fin du trimestre.", 4},
			{"visit", "", Sales, "Vu l’installation actuelle : {n} pompes de plus de dix ans, fuites aux garnitures. Le responsable maintenance veut comparer le coût sur cinq ans.", 15},
			{"quote", Out, Sales, "Devis pour des {p}, livraison comprise.", 12},
			{"call", In, Sales, "Demande une remise de quantité et un délai de paiement de 45 jours.", 9},
			{"order", In, Sales, "Commande de {n} {p}.", 14},
			{"document", Out, Marketing, "Guide de mise en service des {p} transmis.", 10},
			{"survey", In, Marketing, "Note 9 sur 10 après la mise en service.", 30},
		},
		{ // an event that leads to a trial
			{"event", In, Both, "Rencontre sur notre stand du salon de {v}. Intérêt pour les {p}, projet au printemps.", 0},
			{"mail", Out, Marketing, "Remerciement et présentation des {p}.", 3},
			{"call", Out, Sales, "Rappel après le salon. Rendez-vous pris sur place.", 7},
			{"visit", "", Both, "Visite à deux. La qualité demande une attestation de contact alimentaire ; la production veut un essai d’un mois.", 20},
			{"document", Out, Marketing, "Attestation et fiche technique des {p} envoyées.", 2},
			{"meeting", "", Sales, "Point d’essai : débit tenu, bruit en baisse, un réglage à revoir.", 30},
			{"quote", Out, Sales, "Devis après essai, {n} {p}.", 8},
		},
		{ // not now
			{"web", In, Marketing, "A lu la page des {p} et le calcul de coût.", 0},
			{"call", Out, Sales, "Pas de projet cette année. Reprendre contact au budget, en septembre.", 6},
			{"note", "", Sales, "Un concurrent livre en trois semaines ; nous en annonçons cinq. À remonter au produit.", 1},
			{"mail", Out, Marketing, "Invitation au webinaire sur l’économie d’eau.", 60},
			{"event", In, Marketing, "A suivi le webinaire jusqu’au bout et posé une question sur les {p}.", 14},
		},
		{ // maintenance
			{"call", In, Sales, "Pompe arrêtée à {v}. Pièce expédiée le jour même.", 0},
			{"visit", "", Sales, "Dépannage fait, garniture changée. Propose un contrat d’entretien pour {n} machines.", 4},
			{"mail", In, Sales, "Merci pour la réactivité. Demande le prix du contrat d’entretien.", 6},
			{"quote", Out, Sales, "Contrat d’entretien sur trois ans, {n} machines.", 7},
			{"call", Out, Sales, "Le contrat part en signature ; décision en comité vendredi.", 12},
			{"survey", In, Marketing, "Note 10 sur 10 : « joignable, clair, rapide ».", 25},
		},
		{ // content and references
			{"document", In, Marketing, "A téléchargé le livre blanc « 30 % d’eau en moins ».", 0},
			{"mail", Out, Marketing, "Étude de cas de la laiterie de {v}, à sa demande.", 5},
			{"message", In, Marketing, "Accepte de témoigner si son service communication est d’accord.", 20},
			{"meeting", "", Both, "Revue de compte à deux : besoins de l’an prochain, visite de référence décidée.", 30},
			{"visit", "", Sales, "Visite de la référence de {v} avec deux de ses techniciens.", 25},
		},
		{ // a lost one
			{"call", In, Sales, "Consulte trois fournisseurs pour des {p}, réponse sous dix jours.", 0},
			{"quote", Out, Sales, "Offre remise, variante avec variateur.", 8},
			{"call", Out, Sales, "Perdu sur le prix. Satisfait du contact, veut être rappelé pour les pièces.", 15},
			{"note", "", Sales, "Écart de 8 % annoncé. À revoir avec le marketing : le coût sur la durée n’était pas dans l’offre.", 0},
		},
	}
}

// demoAccountNotes are what stands about a company as a whole.
var demoAccountNotes = [...]step{
	{"note", "", Sales, "Nouvelle ligne prévue à {v}. Le dossier passe par la direction industrielle.", 0},
	{"note", "", Marketing, "Ont répondu à l’enquête du secteur : l’eau et l’énergie sont leurs deux priorités.", 0},
	{"meeting", "", Both, "Revue de compte à deux, prochaine dans trois mois.", 0},
	{"note", "", Sales, "Réorganisation des achats : un seul acheteur pour tous les sites.", 0},
	{"document", Out, Marketing, "Catalogue de l’année envoyé au siège.", 0},
}

var demoProducts = [...]string{"pompes P-40", "pompes P-60", "vannes V-12", "skids NEP", "échangeurs E-8", "débitmètres D-3", "kits de garnitures", "variateurs VS-2"}

var demoTowns = [...]string{"Vire", "Laval", "Rennes", "Brest", "Lyon", "Reims", "Nantes", "Dijon", "Lille", "Toulouse"}
