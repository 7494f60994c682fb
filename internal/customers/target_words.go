package customers

import (
	"strings"
	"unicode"

	"unisson/internal/platform/db"
)

// The names of columns by which files of other programs are understood:
// HubSpot, Salesforce, Pipedrive, Outlook in French and English, Google,
// Mailchimp, LinkedIn, Odoo, EspoCRM, Mautic, listmonk and the French register
// of companies. "name=label" also says what the point is called.

const sharedHeaders = `
external_id: id | record id | external id | id externe | externalid | identifiant | code | reference | référence | ref | customer id | client id | numéro client | n° client |
	no client | code client | client number | customer number | seller id | supplier id | vendor id | code fournisseur | crm id | uid | user id | account number | numéro de compte
owner: owner | owner name | owner id | ownerid | owner email | record owner | propriétaire | propriétaire de la fiche | commercial | commerciale | vendeur | salesperson | sales rep | sales owner |
	sales representative | account manager | assigned to | assigned user | assigned user name | assigné à | attribué à | chargé de compte | user | représentant
status: status | statut | état | lead status | statut du lead | contact status | statut du contact | account status | customer status | member status | lifecycle stage | phase du cycle de vie | subscription status | lead state
tags: tags | tag | étiquettes | étiquette | labels | label | catégories | categories | category | catégorie | company tags
region: sales region | région commerciale | sales territory
language: language | langue | lang | locale | preferred language | preferred locale | langue de correspondance
street: street | address street | address work street | address home street | street address | address | address 1 | address line 1 | address 2 | address line 2 | address 3 | adresse | adresse 1 | adresse 2 | adresse postale | rue | rue 2 | voie |
	complément d’adresse | billing street | billing address line 1 | mailing street | primary address street | business street | business street 2 | business street 3 | rue (bureau) | rue (bureau) 2 | rue (bureau) 3
postcode: zip | address postcode | address work postcode | zip code | zipcode | zip code prefix | postal code | postcode | code postal | cp | npa | zip postal code | billing postal code | billing zip | billing zip postal code | mailing postal code |
	mailing zip | mailing zip postal code | business postal code | code postal (bureau) | primary postal code
city: city | address city | address work city | ville | town | commune | localité | billing city | mailing city | business city | ville (bureau) | primary city
province: state | address region | address work region | province | state province | state region | billing state | billing state province | mailing state | mailing state province | business state | département | dép région (bureau) | state or province
country: country | address country | address work country | pays | country region | country code | code pays | billing country | mailing country | business country region | business country | pays (bureau) | primary country
phones: phone | phone number | telephone | telephone number | téléphone | tel | tél | numéro de téléphone | n° de téléphone | no de téléphone | phone value | primary phone | téléphone principal | phone 1 | téléphone 2 |
	work phone=work | business phone=work | téléphone (bureau)=work | téléphone 2 (bureau)=work | business phone 2=work | téléphone professionnel=work | tél professionnel=work | office phone=work | ligne directe=work | direct phone=work | direct line=work | direct dial=work |
	tél bureau=work | téléphone fixe=work | fixe=work | phone (work)=work | mobile=mobile | mobile phone=mobile | mobile number=mobile | cell=mobile | cell phone=mobile | cellphone=mobile | cellulaire=mobile | téléphone cellulaire=mobile | portable=mobile |
	téléphone portable=mobile | téléphone mobile=mobile | tél mobile=mobile | tél portable=mobile | gsm=mobile | phone mobile=mobile | phone cell=mobile | phone work=work | phone home=home | phone fax=fax | phone other=other | phone (mobile)=mobile | home phone=home | home phone 2=home | téléphone (domicile)=home | téléphone 2 (domicile)=home |
	téléphone personnel=home | phone (home)=home | company phone=switchboard | company main phone=switchboard | téléphone société=switchboard | standard=switchboard | switchboard=switchboard | téléphone entreprise=switchboard |
	other phone=other | téléphone (autre)=other | phone (other)=other | fax=fax | fax number=fax | télécopie=fax | télécopieur=fax | business fax=fax | télécopie (bureau)=fax | home fax=fax | télécopie (domicile)=fax
emails: email | e mail | mail | courriel | mél | email address | e mail address | adresse email | adresse e mail | adresse mail | adresse courriel | adresse de messagerie | adresse électronique | adresse de courriel | e mail value |
	primary email | email principal | work email=work | email (work)=work | business email=work | email professionnel=work | e mail professionnel=work | courriel professionnel=work | mail pro=work | email pro=work |
	personal email=home | email (home)=home | home email=home | email personnel=home | e mail personnel=home | courriel personnel=home | email (other)=other | other email=other | secondary email=other | e mail display=
`

const contactHeaders = `
given: first name | given name | prénom | firstname | forename | fname | person first name | contact first name | prénom du contact | prénoms | prénom usuel | given names | name given
family: last name | family name | surname | lastname | lname | nom de famille | person last name | contact last name | nom du contact | family names | patronyme | nom usuel | nom | name family
full_name: full name | name | nom complet | display name | fullname | contact name | nom et prénom | nom et prénoms | nom prénom | prénom nom | prénom et nom | prénom & nom | person name | contact | contact person | fn | formatted name | subscriber name | nom affiché
external_id: contact id | lead id | person id | id contact | id du contact | subscriber id | partner id | record id contact
salutation: salutation | civilité | prefix | name prefix | title prefix | honorific | courtesy title | titre de civilité | formule | honorific prefix | name prefix
title: title | job title | jobtitle | position | titre | fonction | poste | poste occupé | intitulé du poste | intitulé de poste | person job title | job position | emploi | contact title
company: company | company name | organization | organisation | organization name | organisation name | société | entreprise | raison sociale | account name | account | nom du compte | nom de l’entreprise | nom de la société | employer |
	employeur | associated company | associated company name | current company | company associated | primary company | org | parent name | établissement | structure | nom entreprise | nom société
company_siren: siren | numéro siren | n° siren | company siren | siren entreprise
company_domain: company domain | company domain name | domain | domaine | email domain
owner: contact owner | lead owner | propriétaire du contact | propriétaire du lead
status: état du contact
`

const accountHeaders = `
name: name | nom | company | company name | account name | account | organization | organisation | organization name | organisation name | société | entreprise | raison sociale | dénomination | dénomination sociale | companyname |
	nom du compte | nom de l’entreprise | nom de la société | nom ou raison sociale de l’entreprise | dénomination unité légale | dénomination usuelle | business name | customer name | nom du client | supplier name | nom du fournisseur | nom entreprise | nom société | compte | full name | client
legal_name: legal name | nom légal | registered name | company legal name
trade_names: trade name | trade names | enseigne | enseigne 1 établissement | enseigne ou nom de l’exploitation | nom commercial | doing business as | dba | nom d’usage | marque
external_id: account id | company id | organization id | organisation id | id compte | id entreprise | id société | company record id | compte id
siren: siren | numéro siren | n° siren | code siren | identifiant de l’entreprise | siren number
siret: siret | numéro siret | n° siret | code siret | siret siège | siret number
vat: vat | vat number | vat no | vat id | tva | n° tva | numéro de tva | numéro tva | tva intracommunautaire | n° tva intracommunautaire | numéro de tva intracommunautaire | tva intra | tax id | tax number
registration: registration number | company registration number | rcs | rc | business number | numéro d’entreprise | neq | company number
activity: naf | ape | code naf | code ape | naf ape | activité principale de l’établissement | activité principale établissement | activité principale | nace | nace code
sector: industry | secteur | secteur d’activité | sector | branche | company industry | libellé de l’activité principale de l’établissement | libellé naf | domaine d’activité | market
employees: employees | number of employees | no of employees | nombre d’employés | nombre de salariés | effectif | effectifs | company size | headcount | number employees
revenue: annual revenue | revenue | chiffre d’affaires | ca | turnover | ca annuel
currency: currency | devise | monnaie
website: website | site web | site internet | web | web site | url | website url | page web | web page | homepage | domain | domain name | company domain name | domaine | site
owner: account owner | company owner | organization owner | propriétaire du compte | propriétaire de l’entreprise
status: account type | type de compte | type de client | relation | customer type
street: quatrième ligne de l’adressage de l’établissement
city: libellé de la commune de localisation de l’établissement | libellé commune établissement
postcode: code postal établissement
parent: parent account | parent company | société mère | maison mère | parent account name | parent | groupe
tier: tier | account tier | niveau | classe | abc
emails: company email | adresse mail
`

// wordOf writes the name of a column without accents, capitals, signs and
// blanks: FirstName, first_name and "First name *" are one.
func headerKey(s string) string {
	var b strings.Builder
	for _, r := range db.Fold(strings.NewReplacer("’", "'", "°", "o").Replace(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// headersOf reads the lists: field → name of a column → label.
func headersOf(lists ...string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, list := range lists {
		list = strings.ReplaceAll(list, "\n\t", " ")
		for l := range strings.Lines(list) {
			field, names, ok := strings.Cut(strings.TrimSpace(l), ":")
			if !ok {
				continue
			}
			if out[field] == nil {
				out[field] = map[string]string{}
			}
			for name := range strings.SplitSeq(names, "|") {
				name, label, _ := strings.Cut(strings.TrimSpace(name), "=")
				if key := headerKey(name); key != "" {
					out[field][key] = strings.TrimSpace(label)
				}
			}
		}
	}
	return out
}

// targetHeaders are the names of columns of one kind. What is said of a company
// or a seller in a file of companies is said of the row.
func targetHeaders(k Kind) map[string]map[string]string {
	if k == KindContact {
		out := headersOf(sharedHeaders, contactHeaders)
		for _, f := range []string{"city", "country", "postcode", "province", "phones", "emails", "external_id", "owner", "status"} {
			prefixed(out[f], "person", "contact", "lead", "member", "subscriber")
		}
		delete(out["phones"], "contactphonecompany")
		return out
	}
	out := headersOf(sharedHeaders, accountHeaders)
	for _, f := range []string{"city", "country", "postcode", "province", "street", "phones", "emails", "website", "sector", "owner", "status", "external_id"} {
		prefixed(out[f], "company", "seller", "supplier", "vendor", "account", "organization", "organisation", "customer", "client")
	}
	return out
}

func prefixed(names map[string]string, before ...string) {
	base := make(map[string]string, len(names))
	for n, l := range names {
		base[n] = l
	}
	for n, l := range base {
		for _, b := range before {
			if _, taken := names[b+n]; !taken {
				names[b+n] = l
			}
		}
	}
}

// relationOf reads what another program calls the state or the type of a
// customer: one of our relations, or nothing.
func relationOf(s string) string {
	word, _, _ := strings.Cut(plain(s), " ")
	switch strings.TrimSuffix(word, "s") {
	case "customer", "client", "cliente":
		return "customer"
	case "prospect", "lead":
		return "prospect"
	case "supplier", "fournisseur", "vendor":
		return "supplier"
	case "manufacturer", "fabricant":
		return "manufacturer"
	case "partner", "partenaire", "reseller", "revendeur", "distributeur", "distributor":
		return "partner"
	case "referrer", "prescripteur", "apporteur":
		return "referrer"
	}
	return ""
}

// unsubscribed tells that a state says that somebody no longer wants e-mail.
func unsubscribed(s string) bool {
	switch headerKey(s) {
	case "unsubscribed", "desabonne", "desinscrit", "optedout", "optout", "blocklisted", "blacklisted", "donotcontact", "nepascontacter", "complained":
		return true
	}
	return false
}
