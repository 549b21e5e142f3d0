/** Words around those that tell: what they are of, and what they turn a name into. In the languages of the vocabulary. */

/** Words for a name, which tell unless they follow, or are followed by, what has a name without being a person. */
export const NAMES = "name names nom noms nombre nombres nome nomes naam namen";

/** What has a name, a number or an address without being a person. */
export const THINGS = `release browser experiment score scorecard wildcard ivr os sequence engine interface
  knowledge tool feature trigger source snapshot slot partition command opportunity lines entity facet workbin development cookie appel appels llamada llamadas chamada chamadas anruf queue flow skill team site
  division campaign file event schema host product segment metric environment wrapup wrap edge trunk group
  unit business app application service topic category language station bot intent outcome milestone action
  table column field type status state reason media channel direction provider region country role department
  company organization organisation project list task job step stage rule policy plan form page screen system
  server node cluster domain database bucket folder directory image container module component plugin package
  class function method variable parameter property attribute tag label key metrics survey question evaluation
  calendar schedule shift activity program version build model report dashboard widget button menu option
  script prompt recording template theme style brand store location branch office building room floor
  subscription tier currency timezone zone locale market industry vertical case ticket order item sku course
  training badge playbook disposition result code integration connector adapter protocol codec conversation
  interaction session call dialer contactlist filter view index cache thread process tenant partner vendor
  supplier merchant bank carrier network manufacturer warteschlange schlange gruppe abteilung firma
  unternehmen produkt datei kampagne projekt dienst standort land sprache fileattente groupe equipe produit
  entreprise societe campagne fichier projet langue pays cola grupo equipo producto empresa campana archivo
  proyecto servicio idioma pais fila equipa produto campanha arquivo ficheiro projeto servico coda gruppo
  squadra prodotto azienda campagna progetto servizio lingua paese wachtrij groep afdeling bedrijf bestand
  taal`;

/** Whoever a name may be about. */
export const PEOPLE = `customer client caller callee contact user agent patient member person participant
  employee guest holder owner subscriber lead prospect recipient sender supervisor manager evaluator assignee
  assigner requester operator colleague kunde kunden anrufer mitarbeiter cliente appelant llamante klant
  beller utente usuario`;

/** Words that say nothing of what a value is: whose it is, which one, and that it is a value. */
export const NEUTRAL = `${PEOPLE} customer cust client clients caller callee calling called contact user
  agent patient member person persons participant employee party consumer guest holder owner subscriber lead
  prospect recipient sender home work private business primary secondary other main alt alternate alternative
  new old current previous prior original orig raw masked unmasked preferred default own remote local internal
  the my our their full short long best daytime evening day night office emergency billing shipping mailing
  delivery legal verified confirmed normalized normalised formatted display userinput canonical given entered
  spoken captured collected detected provided number numbers no nr nbr num numero numeri nummer nummern nro
  nos id ids identifier code codes value values val text txt string str field data info details detail line
  list array item items key ref reference bangou bango of on for in from to by and or at de del da do di du
  des la le les el los las der die das den dem van het een a l d kunden kunde anrufer privat geschaeftlich
  dienstlich kontakt mitarbeiter inhaber haupt appelant bureau prive cliente clientes clienti llamante
  contacto casa trabajo chamador contato residencial comercial chiamante contatto ufficio lavoro klant beller
  werk thuis kokyaku u o c x y z v custom attr attribute attributes param var usr emp acc pers cnt rec src dst
  dest source destination target result answer response request`;

/** Last words that turn a name into one of a property: phoneType, emailStatus, cardBrand. */
export const PROPERTIES = `type types subject body message messages kind status state count counts total
  flag enabled disabled valid validity validated validation verification verified format provider brand scheme
  network length size category consent optin optout opted preference preferences preferred changed updated
  created removed deleted present missing available required allowed masked version app application os
  platform channel browser sdk web template layout title rate score result results reason error errors
  attempts retries retry limit max min avg average sum percent percentage duration seconds ms millis minutes
  usage used enabledflag index position order priority level tier group groups queue queues skill routing
  direction mode language locale timezone country region label labels color colour icon visible visibility
  hidden method mechanism strategy policy rule config configuration setting settings schema typ art anzahl
  gueltig gultig statut etat tipo tipos estado cantidad stato quantita soort aantal vlag`;

/** First words that ask of a thing whether, or how many times: hasPhone, isMobile, nCalls. */
export const QUESTIONS = `is has had have was can could should may must allow allows enable enables require
  requires needs use uses show hide count num n t o total max min avg sum did does will ist hat est tiene es
  tem ha heeft`;

/** Last words of a point in time. */
export const TIMES = `at on since until date dates time times timestamp datetime ts when day year month
  datum zeit zeitpunkt fecha hora ora tijd heure utc`;
