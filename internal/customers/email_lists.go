package customers

// FreeMailVersion names the state of the list behind FreeMail: it is stored
// beside what was concluded from it, so that a change can be applied anew.
const FreeMailVersion = 1

const freeMailDomains = `
gmail.com googlemail.com
hotmail.com hotmail.fr hotmail.be hotmail.ca hotmail.ch hotmail.de hotmail.es hotmail.it hotmail.nl hotmail.co.uk
hotmail.se hotmail.no hotmail.dk hotmail.gr hotmail.com.br hotmail.com.ar hotmail.com.tr hotmail.co.jp hotmail.cl
outlook.com outlook.fr outlook.be outlook.de outlook.es outlook.it outlook.pt outlook.at outlook.ie outlook.dk
outlook.com.br outlook.com.au outlook.jp
live.com live.fr live.be live.ca live.nl live.de live.it live.ch live.co.uk live.com.au live.se live.no live.dk
live.cn live.com.pt live.ie live.com.mx
msn.com windowslive.com passport.com
yahoo.com yahoo.fr yahoo.be yahoo.ca yahoo.de yahoo.es yahoo.it yahoo.nl yahoo.co.uk yahoo.ie yahoo.gr yahoo.pl
yahoo.ro yahoo.se yahoo.no yahoo.dk yahoo.com.br yahoo.com.ar yahoo.com.au yahoo.com.mx yahoo.co.in yahoo.in
yahoo.co.jp yahoo.com.cn yahoo.com.hk yahoo.com.sg yahoo.com.tr yahoo.com.vn yahoo.co.id yahoo.ch yahoo.at yahoo.pt
ymail.com rocketmail.com myyahoo.com
icloud.com me.com mac.com
aol.com aol.fr aol.de aol.co.uk aim.com netscape.net
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com tutamail.com keemail.me
mailfence.com posteo.de posteo.net mailbox.org runbox.com startmail.com hushmail.com fastmail.com fastmail.fm
riseup.net disroot.org murena.io ecomail.fr
gmx.com gmx.fr gmx.de gmx.net gmx.at gmx.ch gmx.us gmx.co.uk web.de freenet.de t-online.de arcor.de mail.de email.de
online.de 1und1.de kabelmail.de vodafone.de vodafonemail.de
orange.fr wanadoo.fr voila.fr free.fr freesbee.fr libertysurf.fr worldonline.fr online.fr aliceadsl.fr
infonie.fr chez.com nomade.fr tiscali.fr sfr.fr neuf.fr cegetel.net club-internet.fr 9online.fr
numericable.fr noos.fr evc.net estvideo.fr bbox.fr laposte.net caramail.com
caramail.fr lycos.fr ifrance.com dartybox.com mageos.com netcourrier.com mailo.com mailo.fr nordnet.fr
ozone.net vivaldi.net cario.fr akeonet.com mel.fr francite.com magic.fr wibox.fr k-net.fr
orange.com.mu mediaserv.net ool.fr only.fr izi.re canl.nc lagoon.nc mls.nc mail.pf
videotron.ca videotron.qc.ca sympatico.ca bell.net bellnet.ca hotmail.qc.ca globetrotter.net globetrotter.qc.ca
cgocable.ca cgocable.net cogeco.ca cogeco.net derytele.com sogetel.net telus.net telusplanet.net shaw.ca rogers.com
oricom.ca b2b2c.ca distributel.net tlb.sympatico.ca xplornet.com xplornet.ca teksavvy.com eastlink.ca mts.net
sasktel.net ns.sympatico.ca nb.sympatico.ca nbnet.nb.ca accesscable.net ebox.ca vl.videotron.ca maskatel.net axion.ca
skynet.be telenet.be proximus.be belgacom.net belgacom.be voo.be scarlet.be brutele.be tvcablenet.be pandora.be
tiscali.be chello.be versateladsl.be advalvas.be euphonynet.be
bluewin.ch sunrise.ch bluemail.ch hispeed.ch swissonline.ch netplus.ch vtxnet.ch vtx.ch romandie.com citycable.ch
freesurf.ch gmail.ch tele2.ch quickline.ch
pt.lu internet.lu vo.lu tango.lu luxembourg.lu monaco.mc libello.com
btinternet.com btopenworld.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk talktalk.net tiscali.co.uk
sky.com plus.com plus.net o2.co.uk eircom.net
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net
netzero.com frontier.com frontiernet.net optonline.net roadrunner.com rr.com windstream.net centurylink.net
centurytel.net suddenlink.net mindspring.com peoplepc.com ameritech.net prodigy.net embarqmail.com tds.net
mail.com email.com usa.com usa.net europe.com inbox.com excite.com lycos.com myway.com zoho.com zohomail.com
hey.com duck.com onmail.com
libero.it virgilio.it alice.it tin.it tim.it tiscali.it iol.it inwind.it fastwebnet.it poste.it aruba.it email.it
telefonica.net terra.es ya.com orange.es wanadoo.es jazztel.es movistar.es sapo.pt clix.pt iol.pt netcabo.pt mail.pt
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl home.nl hetnet.nl chello.nl upcmail.nl xs4all.nl casema.nl zonnet.nl
telfort.nl quicknet.nl caiway.nl
telia.com spray.se bredband2.com bredband.net glocalnet.net online.no broadpark.no mail.dk stofanet.dk tdcadsl.dk
wp.pl o2.pl onet.pl op.pl interia.pl interia.eu vp.pl poczta.onet.pl gazeta.pl seznam.cz centrum.cz email.cz volny.cz
azet.sk zoznam.sk freemail.hu citromail.hu abv.bg mail.bg
mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua meta.ua
bigpond.com bigpond.net.au optusnet.com.au iinet.net.au internode.on.net xtra.co.nz
uol.com.br bol.com.br terra.com.br ig.com.br globo.com r7.com oi.com.br
qq.com 163.com 126.com sina.com sina.cn sohu.com yeah.net foxmail.com 139.com naver.com hanmail.net daum.net nate.com
rediffmail.com walla.com walla.co.il netvigator.com
menara.ma iam.net.ma topnet.tn planet.tn gnet.tn djaweb.dz caramail.dz orange.sn sentoo.sn orange.ci aviso.ci
`

// domainsNearPopular are real domains that one or two letters part from a
// popular one, and would look like its typing error.
const domainsNearPopular = `
live.ru live.eu lives.com alive.com love.com life.com live.cl gmex.com gmax.com gmx.biz gmx.eu gmx.li gmx.info
hotel.com hotels.com range.fr orange.com orange.ro orange.pl orange.jo orange.lu orange.be orangebusiness.com
grange.fr free.com laposte.fr laposte.be poste.net icloud.fr mailo.net protonmail.fr telnet.be skynet.com skynet.ca
skynet.fr aol.net bell.ca bell.fr videotron.com videotron.fr sympatico.com bluewin.com sunrise.com rogers.ca
mail.fr amail.com fmail.com cmail.com vmail.com xmail.com zmail.com jmail.com imail.com lookout.com sfr.com sfr.net
bbox.com verizon.com numericable.com numericable.be wanadoo.com wanadoo.be wanadoo.nl proximus.com proximus.lu
proximus.fr voo.com windows.com telstra.com mobistar.be base.be nordnet.com 9business.fr alicepro.fr
bouyguestelecom.fr
`

// oftenMistyped are the domains that are proposed, the commonest first.
const oftenMistyped = `
gmail.com hotmail.com hotmail.fr yahoo.com yahoo.fr orange.fr wanadoo.fr outlook.com outlook.fr free.fr sfr.fr
laposte.net icloud.com live.fr live.com msn.com aol.com neuf.fr bbox.fr club-internet.fr numericable.fr aliceadsl.fr
googlemail.com hotmail.be hotmail.ca yahoo.ca hotmail.co.uk yahoo.co.uk ymail.com protonmail.com proton.me me.com
videotron.ca sympatico.ca outlook.be live.be live.ca skynet.be telenet.be proximus.be belgacom.net voo.be bluewin.ch
sunrise.ch gmx.fr gmx.de gmx.net gmx.ch web.de t-online.de comcast.net verizon.net libero.it
`

// RoleVersion names the state of the list behind RoleAddress.
const RoleVersion = 1

const roleNames = `
info infos information informations renseignement renseignements contact contacts contactez nouscontacter contactus
bonjour hello hi salut coucou bienvenue welcome accueil reception receptionist standard secretariat secretaire
assistant assistante office bureau agence siege headquarters hq direction directiongenerale dg management gerance
admin administration administrateur administrator administratif webmaster postmaster hostmaster abuse root sysadmin
noreply nereponse nepasrepondre donotreply noreponse mailerdaemon bounce bounces notification notifications alerts
alerte alertes newsletter news lettre infolettre listserv abonnement abonnements subscribe unsubscribe desinscription
ventes vente sales commercial commerciaux commerciale servicecommercial adv devis quote quotes commande commandes
order orders boutique shop store magasin export import achat achats purchasing procurement fournisseur fournisseurs
compta comptabilite accounting accounts account accountspayable accountsreceivable facture factures facturation
billing invoice invoices invoicing payable payables tresorerie finance finances payment payments paie payroll
rh hr drh ressourceshumaines humanresources recrutement recruitment recruiting jobs job career careers emploi emplois
candidature candidatures stage stages formation formations training
support sav aide help helpdesk helpline hotline assistance serviceclient serviceclients clients client customer
customers customerservice customercare customersupport service services technique tech technical it informatique dsi
marketing communication communications com presse press media medias pr relationspresse publicite pub advertising
juridique legal dpo rgpd gdpr privacy vieprivee confidentialite compliance conformite qualite quality hse securite
security logistique logistics transport livraison livraisons expedition expeditions shipping delivery production
maintenance atelier usine factory depot entrepot warehouse stock stocks planning reservation reservations booking
bookings event events evenement evenements reclamation reclamations complaints feedback enquiries enquiry inquiries
inquiry mairie commune ccas etatcivil urbanisme bibliotheque mediatheque ecole college lycee cabinet etude notaires
pharmacie garage hotel restaurant team equipe general mail email courrier courriel poste mailbox box test
verkauf vertrieb buchhaltung einkauf kontakt verwaltung personal bewerbung rechnung empfang
verkoop boekhouding aankoop onthaal klantendienst inkoop administratie personeel
ventas contacto compras administracion facturacion atencion vendite contatti acquisti amministrazione segreteria
`

// leadingRoleNames make a role address of whatever follows a point or a hyphen:
// info.lyon@, contact-fr@.
const leadingRoleNames = `
info infos contact contacts accueil noreply no commercial sales ventes support sav service services compta
comptabilite accounting facturation billing rh recrutement marketing secretariat agence magasin direction mairie
newsletter commande commandes achats admin webmaster donotreply ne customer client clients
`
