/** What a field's name can look like, the most telling first: a cardholder's name is a name before it is a card. */
export const LOOKS = {
  authentication: "card authentication data",
  expiry: "a card's expiry or service code",
  email: "an email address",
  fax: "a fax number",
  phone: "a phone number",
  birth: "a date of birth",
  national: "a government number",
  licence: "a licence number",
  ip: "a network address",
  device: "a device identifier",
  vehicle: "a vehicle identifier",
  biometric: "a biometric identifier",
  photo: "a picture of a person",
  record: "a medical record number",
  plan: "a health plan number",
  name: "a name",
  card: "a card",
  account: "an account",
  code: "a customer's number",
  address: "an address",
  url: "a web address",
  secret: "a secret",
  health: "health data",
  personal: "personal data",
} as const;

/** A kind of identifier that a name promises. */
export type Look = keyof typeof LOOKS;

/** A look in words: "looks like a phone number". */
export function saysLook(look: Look): string {
  return `looks like ${LOOKS[look]}`;
}

/** Words of one look; lower case, Latin letters without accents (ä also as ae). */
export interface Vocabulary {
  /** Tell wherever they stand among a name's words: neighbours are read together, so `callernumber` is Caller-Number. */
  readonly words?: string;
  /** Tell only where nothing but neutral words stands beside them: customerAge does, ticketAge does not. */
  readonly whole?: string;
  /** Tell wherever they stand in a name of a script that does not part its words. */
  readonly unparted?: string;
}

/** English, German, French, Spanish, Portuguese, Italian, Dutch, and Japanese (also romanised); some Chinese and Korean. */
export const VOCABULARY: Readonly<Record<Look, Vocabulary>> = {
  authentication: {
    words: `cvv cvv2 cvc cvc2 cav2 csc cid2 cvn cardcid ccv cardverification verificationvalue cardsecuritycode
      trackdata track1data track2data trackone tracktwo magstripe magneticstripe pinblock kartenprufnummer
      kartenpruefnummer prufziffer cryptogramme codigoseguridadtarjeta codicesicurezza veiligheidscode
      kaartcontrolegetal`,
    whole: "track1 track2",
    unparted: "セキュリティコード",
  },
  expiry: {
    words: `cardexpiry cardexpiration cardexp expirymonth expiryyear expmonth expyear
      cardvalid validthru validthrough servicecode ablaufdatum kartenablauf gueltigbis gultigbis
      expirationcarte fechacaducidad caducidadtarjeta vencimientotarjeta fechavencimiento datavalidade
      validadecartao scadenzacarta datascadenza vervaldatum cardstartdate cardissuenumber`,
    whole: "expiry exp expdate ccexp expirydate expirationdate dateexpiration",
    unparted: "カード有効期限 有効期限",
  },
  email: {
    words: `email emails mailaddress mailadresse emailadresse mailid electronicmail courriel adressemail correo
      correoelectronico correoe correioeletronico postaelettronica indirizzomail emailadres mailadres replyto
      mailto recipients meeru meeruadoresu meruado`,
    whole: "mail mails cc bcc メール",
    unparted: "メールアドレス メアド メルアド eメール 電子メール メール宛先 邮箱 電子郵件 电子邮件 이메일",
  },
  fax: {
    words: "fax faxes faxnummer faxnumber telefax telefaxnummer telecopie telecopieur fakkusu faxno",
    unparted: "ファックス ファクス 传真 傳真 팩스",
  },
  phone: {
    words: `phone phones telephone telephones phonenumber ani dnis tel msisdn cellphone cellnumber mobilephone
      mobilenumber callernumber callerid callednumber callingnumber callingparty calledparty dialednumber
      diallednumber dialstring subscribernumber callbacknumber clid clinumber telno e164 smsnumber whatsappnumber
      landline telefon telefonnummer telefonnr rufnummer rueckrufnummer ruckrufnummer mobilnummer mobiltelefon
      handynummer festnetz festnetznummer durchwahl anrufernummer mobilfunk mobilfunknummer telefonszam
      telephonefixe numerotelephone numerodetelephone numerotel numeroappelant numeroportable telefono telefonos
      numerotelefono numerodetelefono movil telefonomovil celular numerocelular numerollamante telefone telefones
      numerotelefone numerodetelefone telemovel telemoveis numerochamador cellulare numerocellulare
      numerotelefonico numerochiamante recapitotelefonico telefoon telefoonnummer mobiel mobielnummer mobielnr
      gsmnummer nummerbeller terugbelnummer denwa denwabangou denwabango keitai keitaidenwa keitaibangou
      telefoncislo outboundani fromnumber tonumber originatingnumber destinationnumber remotenumber contactnumber
      partynumber dialledparty`,
    whole: "cell mobile handy gsm mobil movel fixe extension othernumber whatsapp cli portable",
    unparted:
      "電話 携帯 テレフォン テレホン ケータイ 発信者番号 発信番号 着信番号 連絡先番号 折返し番号 电话 手机 電話號碼 전화 휴대폰 핸드폰",
  },
  birth: {
    words: `birth dob birthdate birthday birthyear birthdt dateofbirth bornon geburt geburtsdatum geburtstag gebdatum
      gebdat geburtsjahr naissance datenaissance datedenaissance anniversaire nacimiento fechanacimiento fechanac
      cumpleanos nascimento datanascimento datadenascimento datanasc aniversario nascita datanascita dataนascita
      compleanno geboorte geboortedatum geboortejaar verjaardag seinengappi tanjoubi tanjobi`,
    whole: "age ageyears ageinyears alter edad idade leeftijd nenrei",
    unparted: "生年月日 誕生日 生日 出生 年齢 生まれ 생년월일 생일 나이",
  },
  national: {
    words: `ssn ssnlast4 socialsecurity socialsecuritynumber nationalid nationalinsurance nino nationalidnumber
      governmentid govid identitycard idcard identitynumber taxid taxnumber taxno taxpayer taxpayerid
      taxidentification taxref itin tinnumber einnumber sinnumber sozialversicherung sozialversicherungsnummer
      svnummer rentenversicherungsnummer steuernummer steueridentifikationsnummer steuerid steueridnr
      personalausweis personalausweisnummer ausweisnummer umsatzsteuerid ustid numerosecuritesociale
      securitesociale numerosecu nirpp numerofiscal numerofiscale carteidentite nif dni cif nie curp nifcif
      numeroidentificacion documentoidentidad cedula cedulaidentidad seguridadsocial cpf cnpj cpfcnpj rgnumero
      numerocontribuinte contribuinte cartaocidadao codicefiscale partitaiva cartaidentita bsn burgerservicenummer
      sofinummer rijksregisternummer identiteitskaart btwnummer mynumber kojinbangou kojinbango mainanbaa aadhaar
      pesel`,
    whole: "sin nin tin ein nir piva rfc nss nus",
    unparted: "マイナンバー 個人番号 社会保障番号 納税者番号 身份证 身分證 주민등록번호",
  },
  licence: {
    words: `passport passportnumber driverlicense driverslicense driverlicence driverslicence drivinglicence
      drivinglicense driverid licensenumber licencenumber licenseno licenceno certificatenumber certificateno
      medicallicense reisepass reisepassnummer passnummer fuehrerschein fuhrerschein fuehrerscheinnummer
      fuhrerscheinnummer permisconduire permisdeconduire passeport numeropasseport pasaporte carnetconducir
      carnetdeconducir licenciaconducir permisoconducir passaporte passaporto cartadeconducao carteiramotorista
      cnh patente patentedriver patentenumero paspoort paspoortnummer rijbewijs rijbewijsnummer menkyo menkyoshou
      pasupooto`,
    whole: "license licence",
    unparted: "免許証 運転免許 パスポート 旅券 护照 護照 여권",
  },
  ip: {
    words: `ip ipaddress ipaddr ipv4 ipv6 ipadresse adresseip direccionip enderecoip indirizzoip ipadres hostip sourceip
      clientip remoteip userip callerip`,
    unparted: "ipアドレス",
  },
  device: {
    words: `imei imsi iccid meid macaddress macaddr mac deviceid deviceids deviceserial serialnumber serialno serialnr
      deviceidentifier idfa idfv gaid advertisingid androidid udid hardwareid fingerprintjs cookieid devicetoken
      seriennummer geraetenummer geratenummer geraeteid numeroserie numerodeserie serienummer apparaatid
      customercookieid cookie`,
    unparted: "端末id デバイスid 端末番号 シリアル番号 シリアルナンバー",
  },
  vehicle: {
    words: `vin vinnumber vehicleid vehiclenumber vehicleidentification licenseplate licenceplate platenumber
      numberplate registrationplate vehicleregistration kennzeichen kfzkennzeichen nummernschild fahrgestellnummer
      immatriculation plaqueimmatriculation matricula matriculacoche placa bastidor targa targaveicolo telaio
      kenteken chassisnumber`,
    unparted: "車両番号 ナンバープレート 車台番号 车牌",
  },
  biometric: {
    words: `biometric biometrics voiceprint voiceprints voicebiometric fingerprint fingerprints faceid facetemplate
      retina iris facialrecognition stimmabdruck fingerabdruck empreintevocale empreintedigitale huelladactilar
      huellavocal impressaodigital improntadigitale improntavocale vingerafdruk stemafdruk`,
    unparted: "指紋 声紋 生体 顔認証 지문",
  },
  photo: {
    words: `photo photos photograph portrait selfie avatar headshot profilepicture profileimage profilephoto faceimage
      foto fotos passfoto lichtbild fotografia fotografie pasfoto`,
    unparted: "顔写真 写真 照片 사진",
  },
  record: {
    words: `mrn medicalrecord medicalrecordnumber medicalrecordno patientid patientids patientnumber patientno patientnr
      chartnumber healthrecord patientennummer patientenid krankenakte aktenzeichenpatient numeropatient
      dossiermedical historiaclinica numeropaciente pacienteid prontuario cartellaclinica patientnummer
      patientennr medischdossier encounterid`,
    unparted: "カルテ 診察券 患者番号 患者id 病历号",
  },
  plan: {
    words: `healthplan healthplanid beneficiary beneficiaryid memberid memberids membernumber memberno subscriberid
      policynumber policyno insuranceid insurancenumber insurancepolicy insurance medicare medicaid medicarenumber
      medicaidid healthcard healthinsurance claimnumber claimno versichertennummer versicherungsnummer
      krankenversicherung krankenversicherungsnummer krankenkasse numeroassure cartevitale assurancemaladie
      numeropoliza poliza numeroafiliado tarjetasanitaria numerodabeneficiario apolice numeroapolice cartaosus
      planosaude tesserasanitaria polizza numeropolizza polisnummer zorgverzekering zorgpolis verzekerdennummer
      hokensho hokenshou policyholder`,
    unparted: "保険証 被保険者 保険者番号 証券番号 保险单",
  },
  name: {
    words: `fname lname mname firstname lastname middlename surname fullname forename givenname familyname maiden
      maidenname nickname username screenname displayname legalname preferredname firstnames lastnames cardholder
      cardholdername nameoncard initials salutationname loginname vorname nachname familienname zuname geburtsname
      kundenname anrufername ansprechpartner kontaktname mitarbeitername benutzername karteninhaber vollername
      rufname prenom nomfamille nomdefamille nomclient nomcomplet nomutilisateur nomappelant titulaire nomprenom
      apellido apellidos primerapellido segundoapellido nombrecompleto nombrecliente primernombre nombreusuario
      titular titulartarjeta sobrenome apelido nomecompleto nomecliente primeironome ultimonome nomeproprio
      nomeusuario titularcartao cognome nomecognome nominativo nomeutente intestatario ragionesociale voornaam
      achternaam familienaam tussenvoegsel klantnaam volledigenaam gebruikersnaam kaarthouder roepnaam meisjesnaam
      shimei namae myouji myoji seimei furigana kokyakumei okyakusama`,
    whole: "login contactperson counterparty 姓 名 姓名 カナ",
    unparted:
      "氏名 名前 苗字 フルネーム フリガナ ふりがな 顧客名 お客様名 お客様氏名 契約者名 担当者名 カード名義 名義人 ネーム 姓名 客户名 이름 성명 고객명",
  },
  card: {
    words: `card cards pan pans cardno cardnumber creditcard debitcard paymentcard ccnum ccnumber ccno
      primaryaccountnumber kreditkarte kreditkartennummer kreditkartennr kartennummer kartennr bankkarte karte
      girokarte cartebancaire cartecredit cartedecredit numerocarte numerodecarte cartebleue tarjeta tarjetas
      tarjetacredito tarjetadecredito numerotarjeta numerodetarjeta cartao cartaocredito cartaodecredito
      numerocartao numerodocartao cartacredito cartadicredito numerocarta numerodicarta cartadebito
      creditcardnummer creditkaart creditkaartnummer kaartnummer bankkaart betaalkaart pasnummer kaado kaadobangou
      kurejittokaado`,
    whole: "cc carte カード",
    unparted: "カード番号 クレジットカード デビットカード 信用卡 银行卡 卡号 카드번호 신용카드",
  },
  account: {
    words: `acct acctno accountnumber accountno accountnr accountid bankaccount accountholder iban bban sortcode
      routingnumber routingno routingtransit abarouting savingsaccount checkingaccount konto kontonummer kontonr
      bankverbindung bankleitzahl blz kontoinhaber kundenkonto comptebancaire numerocompte numerodecompte cuenta
      cuentabancaria numerocuenta numerodecuenta clabe contabancaria numeroconta numerodaconta agenciaconta
      contocorrente numeroconto rekening rekeningnummer bankrekening bankrekeningnummer rekeningnr kouza
      kouzabangou kozabango`,
    whole: "account accounts compte conto rekeningen rib bic swift",
    unparted: "口座 帳號 账号 银行账户 계좌",
  },
  code: {
    words: `customerid customerids customernumber customerno customernr customerref customerkey custid custno
      clientnumber contactid consumerid externalid externalids externalcontact externalcontactid externaluser
      externalcustomer externalref externalreference externaltag externalkey externalorganization crmid loyalty
      loyaltyid loyaltynumber membership membershipid frequentflyer guestid subjectid kundennummer kundennr
      kundenid kundenkennung mitgliedsnummer vertragsnummer versandkundennummer numeroclient numeroadherent
      identifiantclient referenceclient numerocliente idcliente clienteid codigocliente numerosocio codicecliente
      idclient klantnummer klantnr klantid lidnummer kokyakubangou kokyakuid kaiinbangou`,
    whole: "external",
    unparted: "顧客番号 顧客id お客様番号 お客様id 会員番号 会員id 契約番号 客户编号 고객번호",
  },
  address: {
    words: `address addresses addr street streetname streetaddress zip zipcode zip4 postal postalcode postcode city town
      suburb county geo geolocation geocode latitude longitude lat lng lon latlong housenumber apartment
      homeaddress mailingaddress shippingaddress billingaddress addressline residence adresse anschrift strasse
      strassenname hausnummer hausnr plz postleitzahl ort wohnort stadt wohnadresse ortschaft rue codepostal ville
      domicile adressepostale commune quartier direccion calle codigopostal ciudad domicilio poblacion municipio
      barrio provincia endereco rua cep codigopostalcep cidade bairro morada logradouro localidade indirizzo citta
      comune residenza provinciaresidenza adres straat straatnaam huisnummer woonplaats plaats woonadres juusho
      jusho yuubin yubin yuubinbangou yubinbango shikuchouson customerlocation callerlocation codpostal`,
    whole: "via cap",
    unparted: "住所 郵便番号 市区町村 番地 都道府県 アドレス 建物名 地址 邮编 郵遞區號 주소 우편번호",
  },
  url: {
    words: `url urls website homepage webpage weblink webaddress webseite internetadresse siteweb paginaweb sitoweb
      linkedin facebook twitter instagram twitterhandle socialhandle`,
    unparted: "ホームページ ウェブサイト 网址",
  },
  secret: {
    words: `password passwords passwd pwd passphrase passcode secret secrets otp onetimepassword accesstoken authtoken
      refreshtoken bearertoken sessiontoken apitoken idtoken apikey apisecret privatekey securitycode
      securityanswer securityquestion secretanswer pincode pinnumber credential credentials passwort kennwort
      geheimzahl geheimnis sicherheitsfrage motdepasse codesecret contrasena claveacceso senha palavrapasse
      parolachiave wachtwoord pincodenummer anshoubangou anshou pasuwaado`,
    whole: "pin token tan clave",
    unparted: "パスワード 暗証番号 秘密の質問 密码 비밀번호",
  },
  health: {
    words: `diagnosis diagnoses diagnosiscode icd icd9 icd10 patient patients medical medication medications
      prescription allergy allergies symptom symptoms healthdata healthcondition healthstatus disability pregnant
      pregnancy bloodtype labresult vaccination disease illness diagnose diagnosen krankheit befund medikament
      medikamente patientin behinderung schwanger blutgruppe maladie ordonnance medicament enfermedad diagnostico
      medicamento paciente receta embarazo doenca receituario alergia malattia diagnosi farmaco paziente ziekte
      medicijn medicatie patienten shindan byoumei kanja`,
    whole: "health",
    unparted: "診断 病名 患者 処方 アレルギー 既往歴 诊断 진단 환자",
  },
  personal: {
    words: `gender spouse ethnicity ethnic religion religious nationality citizenship salary income maritalstatus
      sexualorientation political politicalopinion tradeunion nextofkin emergencycontact mothersmaiden geschlecht
      familienstand staatsangehoerigkeit staatsangehorigkeit gehalt konfession ehepartner situationfamiliale
      nationalite salaire sexe genero estadocivil nacionalidad salario conyuge religione nacionalidade religiao
      sesso statocivile nazionalita stipendio coniuge geslacht burgerlijkestaat nationaliteit salaris seibetsu
      kokuseki`,
    whole: "sex race sexo genre",
    unparted: "性別 国籍 宗教 配偶者 人種 年収 性别 성별",
  },
};
