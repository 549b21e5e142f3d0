/** Names of fields, labelled by hand: as exports of contact centres and the systems beside them have them. */

/** What they look like → names. */
export const SENSITIVE: Readonly<Record<string, string>> = {
  "a phone number": `phoneNumber phone_number PHONE ani ANI dnis customerANI mobile cellPhone cell_phone tel msisdn callbackNumbers
    homePhone1 phonenumber phone2 custphone CustomerPhoneNumber phones Telephone-No. callerNumber CALLER_ID calledNumber
    calling_party_number dialedNumber fromNumber to_number workPhone otherPhone contactPhone CustMobileNo sessionDnis
    telefon Telefonnummer telefon_nr Rufnummer Mobilnummer handynummer kundentelefonnummer Anrufernummer Festnetz
    telephone numeroTelephone numéro_de_téléphone telPortable teléfono telefonoCliente numero_telefono móvil celular
    telefone numeroTelefone telemóvel cellulare numero_telefonico telefoon telefoonnummer mobielnummer
    denwa denwaBangou keitai_bangou 電話番号 携帯電話 顧客電話番号 発信者番号 テレフォン ﾃﾚﾌｫﾝ 手机号 전화번호 whatsappNumber e164`,
  "a fax number": "fax faxNumber FAX_NO Faxnummer telefax télécopie ファックス番号",
  "an email address": `email CustomerEmail e-mail emailAddress emails replyToEmail emailaddress custemail email2 EMAIL_ADDR eMail
    mail cc bcc E-Mail-Adresse emailadresse mailadresse courriel adresse_mail correo correoElectronico correo_electronico
    postaElettronica e-mailadres emailadres meeru メールアドレス メール 電子メール eメール 邮箱 이메일 fromEmail`,
  "card authentication data":
    "cvv CVV2 cvc cvcCode card_security_code cardVerificationValue track1 track2Data pinBlock セキュリティコード",
  "a card's expiry or service code":
    "cardExpiry expiry card_expiration_date expMonth Ablaufdatum 有効期限 expirationDate",
  "a card": `card_no cardNumber CARDNO pan PAN cardnumbers ccNum credit_card creditCardNumber primaryAccountNumber cardLast4
    customerPan Kreditkarte Kreditkartennummer kreditkarten_nr Kartennummer carteBancaire numero_carte numéroDeCarte
    tarjeta numeroTarjeta tarjetaDeCredito numero_de_tarjeta cartão numeroCartao cartao_de_credito cartaCredito
    numero_carta creditcardnummer kaartnummer kaado_bangou カード番号 クレジットカード番号 카드번호 银行卡号 debitCard`,
  "a government number": `ssn SSN customer_ssn national_id taxId tax_number socialSecurityNumber NINO sin nationalInsuranceNumber
    Sozialversicherungsnummer Steuernummer steuerId Personalausweisnummer numeroSecuriteSociale numéro_fiscal NIF dni
    seguridadSocial cpf CNPJ codiceFiscale codice_fiscale BSN burgerservicenummer マイナンバー 個人番号 身份证号 주민등록번호 ssnLast4`,
  "a licence number": `passportNumber driverLicense drivers_license passport Reisepass reisepassnummer Führerscheinnummer
    numeroPasseport permis_de_conduire pasaporte passaporto rijbewijs paspoortnummer 免許証番号 パスポート番号`,
  "a name": `first_name firstName LastName participantName name customer-name surname userName fullname fname callerName agentName
    contactName middleName cardHolderName cardholder maidenName displayName callbackUserName remote customer caller
    remoteNameDisplayable queueMemberName Vorname Nachname familienname Kundenname kunden_name nom prénom nomClient
    nom_de_famille nombre nombreCliente apellido apellidos primer_apellido nome nomeCliente sobrenome cognome
    naam klantNaam achternaam voornaam shimei namae myouji 氏名 名前 顧客名 苗字 フリガナ 姓 名 カード名義 姓名 이름`,
  "an address": `streetAddress zip zipCode postal_code city latitude lng address1 AddressLine2 addressFrom home_address Straße
    strasse Hausnummer PLZ postleitzahl Wohnort Anschrift adresse rue codePostal ville dirección calle codigo_postal
    ciudad domicilio endereço cidade CEP indirizzo cap città adres straat woonplaats postcode juusho yubin_bangou
    住所 郵便番号 市区町村 地址 주소`,
  "a date of birth": `dateOfBirth dob DOB birthday birth_date age customerAge Geburtsdatum geburtstag geb-datum date_naissance
    dateDeNaissance fechaNacimiento fecha_de_nacimiento dataNascimento data_di_nascita geboortedatum leeftijd
    seinengappi 生年月日 誕生日 年齢 생년월일`,
  "a medical record number": "mrn patientId medical_record_number Patientennummer numero_patient カルテ番号 診察券番号",
  "a health plan number":
    "healthPlan memberId beneficiaryId insurancePolicyNumber policyNumber Versichertennummer hokensho 保険証番号 numeroPoliza",
  "health data": "diagnosisCode icd10 patient medication Diagnose Krankheit diagnóstico 診断 病名",
  "a secret":
    "password pin authToken otp customerPin access_token securityAnswer Passwort kennwort motDePasse contraseña senha wachtwoord 暗証番号 パスワード",
  "an account": `accountNumber routing_number iban IBAN bank_account acctNo customerAccountId sortCode Kontonummer kontoNr
    Bankverbindung compteBancaire numero_compte cuentaBancaria numeroCuenta contaBancaria numero_conto rekeningnummer 口座番号`,
  "a customer's number": `loyaltyId externalId customerId externalContactId CustNo externalTag kundennummer Kunden-Nr numeroClient
    numero_cliente codiceCliente klantnummer 顧客番号 会員番号 お客様番号 outboundContactId`,
  "a network address": "ipAddress remoteIp ip clientIP ip_addr iPAddress IPアドレス IP-Adresse adresse_ip",
  "a device identifier": "macAddress imei deviceId IMSI serialNumber customerCookieId Seriennummer デバイスID",
  "a vehicle identifier": "vin licensePlate Kennzeichen kfz_kennzeichen immatriculation matrícula kenteken 車両番号",
  "a biometric identifier": "voiceprint fingerprintHash faceId 指紋 声紋 Fingerabdruck",
  "a picture of a person": "photo customerPhoto avatar profilePicture 顔写真 foto",
  "a web address": "url pageUrl website recordingUrl homepage",
  "personal data": "gender ethnicity religion nationality salary maritalStatus Geschlecht sexo 性別 国籍",
};

/** What no person can be told by. */
export const HARMLESS = `queueName flowName durationMs direction mediaType conversationId panel company spanish captain queue_name
  skillNames teamName divisionName wrapUpName campaignName hostname startTime conversationStart purpose disconnectType
  metric nConnected tTalk isEncrypted planning animal canine shipment recipe packaging message pinned cardinality telemetry
  exception description language interactionCount id value _ 😀 reasonCode usage
  conversationEnd segmentStart segmentEnd segmentType wrapUpCode wrapUpDurationMs queueId flowId flowType flowVersion
  flowOutcome flowOutcomeId flowOutcomeValue issuedCallback provider sessionId participantId divisionIds originatingDirection
  mediaStatsMinConversationMos mediaStatsMinConversationRFactor requestedRoutings usedRouting routingPriority routingData
  routingStatus routingRing agentRank agentOwned agentBullseyeRing agentAssistantId agentScore agentTeam edgeId edgeServerId
  stationId scriptId skipEnabled timeoutSeconds recording authenticated deliveryStatus deliveryPushed coachedParticipant
  cobrowseRole monitoredParticipant bargedParticipant dispositionName dispositionAnalyzer sharingScreen roomType
  protocol codec codecs eventTime maxLatencyMs minMos minRFactor receivedPackets discardedPackets overrunPackets
  underrunPackets duplicatePackets invalidPackets transferType entryType exitReason endingLanguage startingLanguage
  recognitionFailureReason errorCode sipResponseCodes q850ResponseCodes conference groupId requestedLanguageId
  requestedRoutingSkillIds proposedAgents agentGroupId eligibleAgentCounts firstQueue inactivityTimeout
  conversationInitiator outboundCampaignId outboundContactListId acdOutcome scoredAgents removedSkillIds
  callDuration call_duration_seconds holdSeconds waitTime talkTime acwTime handleTime abandonRate serviceLevel slaTarget
  nOffered nOffered_total tAnswered tAbandon tHeld tAcw oWaiting oInteracting nTransferred nOutbound nError nBlindTransferred
  timestamp createdAt updated_at dateCreated dateModified modifiedBy_ts timezone timeZone locale region country countryCode
  state status statusCode type subType category tags label labels score sentimentScore sentimentTrend npsScore csatScore
  surveyScore surveyStatus questionId questionGroupId answerId formName evaluationFormName evaluationStatus rating stars
  currency amount price total subtotal quantity sku productName productId productCategory orderStatus orderTotal
  ticketStatus ticketPriority priority severity slaBreached resolved resolvedAt closed reopened isExternal isInternal isTest
  hasPhone hasEmail isMobile emailVerified emailStatus emailOptIn phoneType phoneCount phone_type_id emailCount cardType cardTypeId
  cardBrand cardScheme addressType accountType accountStatus pinAttempts passwordChangedAt emailSentAt phoneVerifiedAt
  smsCount mobileApp mobileAppVersion mobileOs callbackCount callbackScheduledTime callbackDurationMs healthCheck
  healthScore serviceHealth loginCount lastLogin tokenCount inputTokens outputTokens maxTokens promptTokens
  pageNumber pageCount pageName pageSize offset limit version schemaVersion schemaName buildNumber releaseName
  tableName columnName fieldName fileName file_name filename file_size path extensionType mimeType contentType encoding
  browserName browserVersion osName osVersion deviceType deviceCategory deviceModelName userAgentFamily screenWidth
  screenHeight viewport utmSource utmMedium utmCampaign campaignId campaign_type keyword experimentName variant
  segmentName audience cohort tierName planName planType subscriptionTier storeName storeId branchName branchId
  departmentName department locationId siteName siteId buildingName floorName unitName businessUnit businessUnitName
  managementUnitId groupName teamId workTeam roleName role skill skills skillLevel proficiency languageSkill shiftName
  shiftStart scheduleName adherence conformance occupancy utilization forecast capacity headcount panelCount
  tableSize ticketAge queueAge cacheAge wildcard scorecard scoreCardName leaderboard dashboard postcardTemplate
  expansion manual canton pineapple telescope penalty company_size industry agency agenda average percentage mileage
  image_width imageCount voicemail voicemailDuration transcriptId transcriptStatus transcriptLanguage channel channelName
  intentName botName botVersion ivrPath ivrName menuOption dtmfCount confidence topicName topicId keyPhraseCount
  Warteschlange Warteschlangenname Gesprächsdauer Wartezeit Status_Anruf Abteilung Sprache Produktname Anzahl Dauer
  nom_file nomProduit duréeAppel nombre_appels langue équipe nombreCola nombre_de_cola duracionLlamada idioma estado
  producto nomeFila duracaoChamada idiomaChamada nomeProdotto durataChiamata lingua naamWachtrij gespreksduur taal
  キュー名 部署名 通話時間 待ち時間 言語 結果コード メール件数 カード種別 開始日時 製品名`;
