package team

// The words of the demonstration company. They are ours; nobody of these names
// is meant.

// demoGiven gives women's and men's names, so that titles agree with them.
func demoGiven() (women, men []string) {
	return []string{"Adèle", "Agathe", "Amina", "Anaïs", "Armelle", "Bénédicte", "Capucine", "Céline", "Chloé", "Daphné", "Delphine", "Élise", "Éloïse",
			"Enora", "Estelle", "Fatou", "Florence", "Gaëlle", "Geneviève", "Hélène", "Inès", "Isabelle", "Jacinthe", "Joëlle", "Judith", "Karine", "Laetitia",
			"Léonie", "Louise", "Maëva", "Margaux", "Mathilde", "Mélanie", "Myriam", "Nolwenn", "Noémie", "Océane", "Pascale", "Perrine", "Régine", "Rosalie",
			"Samira", "Solène", "Valérie", "Véronique", "Yasmine", "Zoé"},
		[]string{"Alban", "Antoine", "Aurélien", "Basile", "Bertrand", "Brahim", "Cédric", "Clément", "Corentin", "Didier", "Édouard", "Émile", "Erwan",
			"Étienne", "Fabrice", "Félix", "François", "Gaétan", "Gwénaël", "Henri", "Ismaël", "Jean-Baptiste", "Jérôme", "Kévin", "Loïc", "Ludovic", "Malik",
			"Mickaël", "Olivier", "Quentin", "Raphaël", "Rémi", "Sébastien", "Stéphane", "Sylvain", "Tanguy", "Théo", "Vincent", "Yoann"}
}

func demoFamily() []string {
	return []string{"Abiven", "Arsenault", "Aubert", "Bachelet", "Barbeau", "Beaulieu", "Benhaddou", "Bergeron", "Bertin", "Blanchet", "Boisvert",
		"Bonnefoy", "Bouchard", "Brochu", "Cadiou", "Carpentier", "Castonguay", "Chabot", "Charron", "Chevrier", "Coatanéa", "Cordier", "Côté",
		"Courtemanche", "Daigle", "Delaunay", "Delisle", "Derrien", "Desrosiers", "Diallo", "Doucet", "Dubreuil", "Dufour", "Dupuis", "Fauvel",
		"Ferrand", "Fontaine", "Gagnon", "Garnier", "Gauthier", "Gélinas", "Girouard", "Guéguen", "Guillou", "Haddad", "Hamelin", "Hébert", "Jaouen",
		"Joly", "Kerbrat", "Kermarrec", "Lachance", "Lacroix", "Lafleur", "Lamoureux", "Langevin", "Lanoë", "Larrieu", "Le Bihan", "Le Corre", "Le Goaziou",
		"Lemieux", "Lévesque", "Mansouri", "Marchand", "Masson", "Mercier", "Michaud", "Morvan", "Nadeau", "Néron", "Ollivier", "Ouellet", "Paquette",
		"Pellerin", "Pelletier", "Péron", "Picard", "Poirier", "Prigent", "Quéré", "Renaud", "Rivard", "Robichaud", "Roussel", "Saadi", "Savard",
		"Sénéchal", "Tanguay", "Tessier", "Thibault", "Tremblay", "Vaillant", "Vallée", "Vasseur", "Verdier", "Villeneuve", "Zerrouki"}
}

// demoPlace is one region with its towns.
type demoPlace struct {
	name, country, zone, holidays string
	towns                         []string
	dial                          string // beginning of its telephone numbers
}

func demoPlaces() []demoPlace {
	return []demoPlace{
		{"Ouest", "FR", "", "", []string{"Rennes", "Nantes", "Brest", "Vannes", "Caen"}, "02"},
		{"Nord", "FR", "", "", []string{"Lille", "Amiens", "Reims", "Arras"}, "03"},
		{"Sud-Est", "FR", "", "", []string{"Lyon", "Grenoble", "Marseille", "Annecy"}, "04"},
		{"Québec", "CA", "America/Montreal", "ca_qc", []string{"Montréal", "Québec", "Trois-Rivières", "Sherbrooke"}, "514"},
	}
}

func demoProducts() []string {
	return []string{"Skids de nettoyage en place", "Pompes sanitaires", "Vannes à clapet", "Échangeurs à plaques", "Cuves et mélangeurs",
		"Filtration tangentielle", "Instrumentation", "Produits de nettoyage", "Convoyeurs", "Pièces et service"}
}

func demoSegments() []string {
	return []string{"Laiteries", "Brasseries", "Boissons", "Viande et poisson", "Boulangerie", "Chimie", "Papeterie", "Pharmacie", "Eaux minérales"}
}

func demoSkills(k Kind) []string {
	switch k {
	case Sales:
		return []string{"négociation", "grands comptes", "chiffrage", "mise en service", "appels d’offres", "service après-vente"}
	case Marketing:
		return []string{"études de cas", "salons", "e-mailing", "référencement", "argumentaires", "veille concurrentielle", "vidéo"}
	case Product:
		return []string{"hygiène des procédés", "normes EHEDG", "prix et marges", "essais en atelier", "lancement"}
	}
	return []string{"pilotage", "informatique", "juridique"}
}

// demoTitles gives titles in pairs: hers, his.
func demoTitles(k Kind) [][2]string {
	switch k {
	case Sales:
		return [][2]string{{"Attachée commerciale", "Attaché commercial"}, {"Technico-commerciale", "Technico-commercial"},
			{"Responsable grands comptes", "Responsable grands comptes"}, {"Chargée d’affaires", "Chargé d’affaires"}, {"Commerciale sédentaire", "Commercial sédentaire"}}
	case Marketing:
		return [][2]string{{"Chargée de marketing", "Chargé de marketing"}, {"Responsable de contenus", "Responsable de contenus"},
			{"Responsable salons et événements", "Responsable salons et événements"}, {"Chargée d’études", "Chargé d’études"}, {"Responsable numérique", "Responsable numérique"}}
	case Product:
		return [][2]string{{"Cheffe de produit", "Chef de produit"}, {"Ingénieure d’application", "Ingénieur d’application"}}
	}
	return nil // those of other departments bring their own
}

// demoTeam is one cross-functional team; end counts days from today, 0 is open.
type demoTeam struct {
	name, mandate string
	end           int
	seats         []demoSeat
}

type demoSeat struct {
	kind Kind
	n    int
	part string
}

func demoTeams() []demoTeam {
	return []demoTeam{
		{"Lancement du skid Hydrex", "Mettre le nouveau skid chez vingt clients pilotes avant l’été, et écrire ce qu’ils en disent.", 120,
			[]demoSeat{{Sales, 3, "clients pilotes"}, {Marketing, 2, "preuves et messages"}, {Product, 1, "technique"}}},
		{"Salon de l’agroalimentaire", "Préparer le stand, les rendez-vous et le suivi à deux des contacts.", 60,
			[]demoSeat{{Sales, 2, "rendez-vous"}, {Marketing, 3, "stand et invitations"}}},
		{"Comité lead", "Relire chaque mois les leads retournés et les critères.", 0,
			[]demoSeat{{Sales, 2, "retours du terrain"}, {Marketing, 2, "critères"}, {Management, 1, "arbitrage"}}},
		{"Grands comptes laitiers", "Une seule voix chez les cinq premiers groupes laitiers.", 200,
			[]demoSeat{{Sales, 3, "relations"}, {Product, 1, "offre"}}}, // marketing is missing, and the page says so
		{"Québec\u00a0: nouveaux marchés", "Ouvrir les boissons et la transformation alimentaire au Québec.", 300,
			[]demoSeat{{Sales, 2, "prospection"}, {Marketing, 1, "adaptation"}, {Product, 1, "normes"}}},
	}
}
