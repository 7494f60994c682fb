package customers

// The words of the demonstration's customers. They are ours; nobody of these
// names is meant.

type demoSector struct {
	name  string
	firms []string // how companies of the sector are called
	tags  []string
}

func demoSectors() []demoSector {
	return []demoSector{
		{"Laiteries", []string{"Laiteries", "Fromagerie", "Crèmerie", "Beurrerie"}, []string{"ligne NEP", "AOP"}},
		{"Brasseries", []string{"Brasserie", "Malterie", "Micro-brasserie"}, []string{"artisan", "export"}},
		{"Boissons", []string{"Cidrerie", "Jus", "Distillerie", "Sirops"}, []string{"saisonnier"}},
		{"Viande et poisson", []string{"Salaisons", "Fumaison", "Conserverie", "Charcuterie"}, []string{"IFS"}},
		{"Boulangerie", []string{"Biscuiterie", "Minoterie", "Viennoiserie"}, []string{"bio"}},
		{"Chimie", []string{"Chimie", "Résines", "Peintures", "Savonnerie"}, []string{"ATEX"}},
		{"Papeterie", []string{"Papeteries", "Cartonnages", "Imprimerie"}, []string{"énergie"}},
		{"Pharmacie", []string{"Laboratoires", "Biotech", "Cosmétiques"}, []string{"BPF", "salle propre"}},
		{"Eaux minérales", []string{"Eaux", "Source", "Thermes"}, []string{"embouteillage"}},
	}
}

func demoLieux() []string {
	return []string{"du Bocage", "de l’Aven", "des Monts d’Arrée", "de la Baie", "du Val d’Or", "de Kermaria", "des Deux Caps", "du Vexin", "de l’Isère", "du Prado",
		"de Chartreuse", "des Alpilles", "de la Bresle", "du Ponant", "de l’Odet", "des Flandres", "de Thiérache", "du Forez", "de Camargue", "des Bauges",
		"des Laurentides", "de Lanaudière", "du Saguenay", "de l’Estrie", "de la Mauricie", "du Richelieu", "de Portneuf", "des Chutes", "du Fjord", "de Beauce"}
}

type demoTown struct{ name, postcode, province, country, dial string }

// demoTowns gives towns by region, in the order of the regions of the company.
func demoTowns() [][]demoTown {
	return [][]demoTown{
		{{"Rennes", "35000", "Bretagne", "FR", "+332"}, {"Vire", "14500", "Normandie", "FR", "+332"}, {"Quimper", "29000", "Bretagne", "FR", "+332"}, {"Cholet", "49300", "Pays de la Loire", "FR", "+332"}},
		{{"Lille", "59000", "Hauts-de-France", "FR", "+333"}, {"Arras", "62000", "Hauts-de-France", "FR", "+333"}, {"Reims", "51100", "Grand Est", "FR", "+333"}, {"Abbeville", "80100", "Hauts-de-France", "FR", "+333"}},
		{{"Lyon", "69007", "Auvergne-Rhône-Alpes", "FR", "+334"}, {"Grenoble", "38000", "Auvergne-Rhône-Alpes", "FR", "+334"}, {"Marseille", "13002", "Provence-Alpes-Côte d’Azur", "FR", "+334"}, {"Annecy", "74000", "Auvergne-Rhône-Alpes", "FR", "+334"}},
		{{"Montréal", "H2X 1Y4", "Québec", "CA", "+1514"}, {"Trois-Rivières", "G9A 1L2", "Québec", "CA", "+1819"}, {"Sherbrooke", "J1H 1Z2", "Québec", "CA", "+1819"}, {"Lévis", "G6V 2L5", "Québec", "CA", "+1418"}},
	}
}

type demoJob struct{ job, seniority, her, his string }

func demoJobs() []demoJob {
	return []demoJob{
		{"management", "executive", "Directrice générale", "Directeur général"}, {"production", "director", "Directrice de production", "Directeur de production"},
		{"maintenance", "manager", "Responsable maintenance", "Responsable maintenance"}, {"purchasing", "specialist", "Acheteuse projets", "Acheteur projets"},
		{"purchasing", "manager", "Responsable des achats", "Responsable des achats"}, {"quality", "manager", "Responsable qualité", "Responsable qualité"},
		{"engineering", "director", "Directrice technique", "Directeur technique"}, {"engineering", "specialist", "Ingénieure procédés", "Ingénieur procédés"},
		{"finance", "manager", "Responsable administrative", "Responsable administratif"}, {"logistics", "manager", "Responsable logistique", "Responsable logistique"},
	}
}

func demoGiven() (women, men []string) {
	return []string{"Claire", "Aïcha", "Hélène", "Mélanie", "Sylvie", "Nadège", "Julie", "Nadine", "Caroline", "Élodie", "Maryse", "Sandrine", "Fanny", "Lucie", "Josée", "Manon"},
		[]string{"Benoît", "Thomas", "Olivier", "Karim", "Rachid", "Jean-Noël", "Philippe", "Gilles", "Pierrick", "Mathieu", "Normand", "Sylvestre", "Paul", "Luc", "Yves", "Hamid"}
}

func demoFamily() []string {
	return []string{"Fontaine", "Kervella", "Haddad", "Guérin", "Baudry", "Massé", "Dufresne", "Roger", "Prat", "Belkacem", "Amrani", "Colin", "Arnaud", "Lecoq", "Hamelin", "Bélanger",
		"Le Floch", "Marchetti", "Poulain", "Thériault", "Rochon", "Nguyen", "Lacasse", "Texier", "Maurice", "Pichon", "Lebel", "Cloutier", "Nicolas", "Perrot", "Sauvé", "Jacquet"}
}

func demoNeeds() []string {
	return []string{"Nettoyer la ligne 2 sans arrêter la production.", "Réduire l’eau de rinçage d’un tiers avant l’été.", "Remplacer des pompes qui ne trouvent plus de pièces.",
		"Prouver la traçabilité des lavages à l’auditeur.", "Former l’équipe de nuit à l’entretien des échangeurs.", "Un seul interlocuteur pour les pièces et le dépannage."}
}

func demoPromises() []string {
	return []string{"Livraison sous dix jours ouvrés ; 4 000 pièces par an.", "Tarif bloqué jusqu’à juin contre 250 k€ de commandes.", "Deux démonstrations par trimestre chez nos clients."}
}
