import assert from "node:assert/strict";
import { it } from "node:test";
import { looksSensitive } from "../../src/policy/sensitive.ts";

const SENSITIVE: Readonly<Record<string, readonly string[]>> = {
  "a phone number": [
    ...[
      "phoneNumber",
      "phone_number",
      "PHONE",
      "ani",
      "ANI",
      "dnis",
      "customerANI",
      "mobile",
      "cellPhone",
      "cell_phone",
    ],
    ...[
      "tel",
      "faxNumber",
      "msisdn",
      "callbackNumbers",
      "homePhone1",
      "phonenumber",
      "phone2",
      "custphone",
      "CustomerPhoneNumber",
      "phones",
      "Telephone No.",
    ],
  ],
  "an email address": [
    "email",
    "CustomerEmail",
    "e-mail",
    "emailAddress",
    "emails",
    "replyToEmail",
    "emailaddress",
    "custemail",
    "email2",
    "EMAIL_ADDR",
  ],
  "a card": [
    "card_no",
    "cardNumber",
    "CARDNO",
    "pan",
    "PAN",
    "cvv",
    "cardnumbers",
    "CVV2",
    "ccNum",
    "iban",
    "credit_card",
  ],
  "a government number": ["ssn", "SSN", "customer_ssn", "passportNumber", "driverLicense", "taxId", "national_id"],
  "a name": [
    "first_name",
    "firstName",
    "LastName",
    "participantName",
    "name",
    "customer name",
    "surname",
    "userName",
    "fullname",
  ],
  "an address": ["streetAddress", "zip", "zipCode", "postal_code", "city", "latitude"],
  "a date of birth": ["dateOfBirth", "dob", "DOB", "birthday", "birth_date", "age"],
  "health data": ["mrn", "diagnosisCode", "patientId", "healthPlan", "icd10", "memberId"],
  "a secret": ["password", "pin", "authToken", "otp"],
  "an account": ["accountNumber", "routing_number", "loyaltyId", "externalId", "customerId"],
  "a device or network address": ["ipAddress", "remoteIp", "macAddress", "imei", "deviceId"],
};

const HARMLESS = [
  ...["queueName", "flowName", "durationMs", "direction", "mediaType", "conversationId", "panel", "company", "spanish"],
  ...["captain", "queue_name", "skillNames", "teamName", "divisionName", "wrapUpName", "campaignName", "hostname"],
  ...["startTime", "conversationStart", "purpose", "disconnectType", "metric", "nConnected", "tTalk", "isEncrypted"],
  ...[
    "planning",
    "animal",
    "canine",
    "shipment",
    "recipe",
    "packaging",
    "message",
    "pinned",
    "cardinality",
    "telemetry",
  ],
  ...["exception", "description", "language", "interactionCount", "id", "value", "", "_", "😀", "reasonCode", "usage"],
];

it("names that look sensitive are seen in any case and spelling, with what they look like", () => {
  const wrong = Object.entries(SENSITIVE).flatMap(([meaning, names]) =>
    names.filter((name) => looksSensitive(name) === undefined).map((name) => `${name}: not seen as ${meaning}`),
  );
  assert.deepEqual(wrong, []);
});

it("words that only contain a sensitive one are left alone", () => {
  const wrong = HARMLESS.filter((name) => looksSensitive(name) !== undefined);
  assert.deepEqual(
    wrong.map((name) => `${name} ${looksSensitive(name)}`),
    [],
  );
});

it("says what a name looks like", () => {
  assert.equal(looksSensitive("customerPhone"), "looks like a phone number");
  assert.equal(looksSensitive("dateOfBirth"), "looks like a date of birth");
  assert.equal(looksSensitive("agentName"), "looks like a name");
});
