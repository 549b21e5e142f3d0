/** What the words before a value may say that it is; a value may be more than one. */
export const CONTEXT = {
  ssn: 1,
  phone: 2,
  dob: 4,
  mrn: 8,
  account: 16,
  cvv: 32,
  /** A software version, a section of a text. */
  version: 64,
  /** A number of something else: an order, a ticket. */
  other: 128,
  /** Beside another: it holds for the token that the digits end, as in "AC123456". */
  token: 256,
  /** Beside another: it holds for the date that a month's name before the digits begins. */
  month: 512,
} as const;

/**
 * Phrases that stand before a value, without accents. After the last word: `#` asks for a number word or "id" ("patient
 * no. …"), `№` for a number word, `@` for "id"; without, they may stand there. `^` is the beginning of a text or phrase.
 */
export const PHRASES: Readonly<Record<Exclude<keyof typeof CONTEXT, "token" | "month">, string>> = {
  ssn: `ssn, ss, soc, soc sec, social, social security, itin, tin, taxpayer #, seguro social, securite sociale,
    sozialversicherungsnummer, seguridad social, codigo fiscal`,
  phone: `call, calls, called, call back, called back, callback, phone, phones, tel, telephone, mobile, cell, cellphone, cell phone, fax, text, sms,
    whatsapp, reach, reached, reachable, get me, mi №, meu №, mon №, mein №, meine №, mijn №, mio №, dial, dialed, dialled, ring, rang, landline, contact №, best №, my №, your №, his №, her №, their №, our №,
    the №, ^ №, area code, ani, dnis, msisdn, caller @, handy, handynummer, telefon, telefonnummer, rufnummer, mobilnummer,
    mobil, ruckruf, ruckrufnummer, rufen, anrufen, erreichbar, appelez, rappelez, joignable, portable, gsm, llame, llameme,
    llamar, telefono, movil, celular, telefone, telemovel, ligue, cellulare, chiami, chiamami, telefoon,
    telefoonnummer, mobiel, bel, numero de telephone, numero de telefono, numero de telefone, numero di telefono`,
  dob: `dob, d o b, date of birth, birth date, birthdate, birthday, birth day, born, geburtsdatum, geburtstag, geboren,
    geb, geb datum, naissance, nee, ne, nacimiento, nacido, nacida, naci, nascimento, nascido, nascida, nasci, nascita, nato, nata,
    geboortedatum, cumpleanos, anniversaire, urodzony, urodzona, data urodzenia`,
  mrn: `mrn, medical record, med rec, health record #, patient #, patient identifier, member #, health plan #,
    subscriber #, beneficiary #, medicare #, medicaid #, insurance #, insurance member #, chart #, hospital #, nhs #,
    patientennummer, patienten #, versichertennummer, versicherten #, krankenversicherungsnummer, krankenkassennummer,
    numero de patient, patient №, dossier medical, numero de dossier, historia clinica, numero de paciente, paciente #,
    numero do paciente, prontuario, patientnummer, numero paziente, cartella clinica`,
  account: `account, acct, a c, bank account, policy, customer #, client #, membership #, loan #, contract #,
    kontonummer, konto, kundennummer, kunden #, kd #, versicherungsnummer, vertragsnummer, policennummer,
    versicherungsscheinnummer, numero de compte, compte #, numero client, numero de client, numero de contrat,
    numero de cuenta, cuenta, cuenta #, numero de cliente, cliente #, numero de poliza, poliza, numero da conta,
    numero de conta, conta #, numero da apolice, apolice, numero di conto, conto #, numero di polizza, polizza,
    codice cliente, numero cliente, rekeningnummer, klantnummer, polisnummer, numer konta, numer klienta`,
  cvv: `cvv, cvv2, cvc, cvc2, cid, csc, cvn, c v v, c v c, cvv code, cvc code, cvv2 code, cvv2 №, security code,
    card verification value, card verification code, card verification, verification №, verification number on the card,
    digit code, digit security code, three digits, 3 digits, on the back, on the back of the card, on the back of my card, on the front, code on the back, card code,
    prufnummer, prufziffer, kartenprufnummer, sicherheitscode, cryptogramme, cryptogramme visuel, code de securite,
    codigo de seguridad, codigo de seguranca, codice di sicurezza, beveiligingscode, pin, pin code, pin number`,
  version: `version, versions, v, ver, release, build, firmware, section, chapter, clause, os, windows, android, ios, oid,
    rev, revision, kapitel, abschnitt, chapitre, capitulo, upgrade, update, from version`,
  other: `order, ticket, case, reference, ref, invoice, tracking, confirmation, interaction, conversation, call @, session,
    bestellung, bestellnummer, bestell, commande, numero de commande, pedido, numero de pedido, ordine, serial, item,
    product, part, flight, booking, parcel, shipment, queue, extension, ext, error, job, task, event, message, row,
    auftragsnummer, rechnungsnummer, vorgangsnummer, numero de facture, factura, rechnung`,
};

/** Words between a phrase and its value. */
export const CONNECTORS = `is are was s it its that thats this the a uh um er erm ah well so yes yeah sure ok okay just actually
  please me us him her them you at on to under via in fact am ist lautet war sie mich unter bitte an der die das den
  which says reads being est c le la les file customer caller client kunde cliente au moi svp es el al e o em il op mij code value`;

/** "number" in its forms, and "id". */
export const NUMBER_WORDS = "number numbers no nr num nbr nro nummer numero";
export const ID_WORDS = "id ids identifier";

/** Months by their names without accents, whole and short, in several languages. */
export const MONTHS: readonly string[] = [
  "january jan januar janvier janv enero ene janeiro gennaio gen januari styczen stycznia",
  "february feb februar fevrier fevr febrero fevereiro fev febbraio februari luty lutego",
  "march mar marz maerz mars marzo marco maart mrt marzec marca",
  "april apr avril avr abril abr aprile kwiecien kwietnia",
  "may mai mayo maio maggio mag mei maj maja",
  "june jun juni juin junio junho giugno giu czerwiec czerwca",
  "july jul juli juillet juil julio julho luglio lug lipiec lipca",
  "august aug aout agosto ago augustus sierpien sierpnia",
  "september sep sept septembre septiembre setembro set settembre wrzesien wrzesnia",
  "october oct oktober okt octobre octubre outubro out ottobre ott pazdziernik pazdziernika",
  "november nov novembre noviembre novembro listopad listopada",
  "december dec dezember dez decembre diciembre dic dezembro dicembre grudzien grudnia",
];
