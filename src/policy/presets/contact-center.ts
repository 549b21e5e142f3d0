import { fields, type PresetRule, PSEUDONYMISED, SUPPRESSED } from "./preset.ts";

/** The fields of a contact centre's interaction export. Tokens keep joins and counts. */
export const contactCenter: readonly PresetRule[] = [
  ...fields("cardNumber creditCardNumber creditCard debitCardNumber paymentCardNumber cardPan pan", {
    mask: "pan",
    clause: "PCI DSS 3.4.1",
  }),
  ...fields("cvv cvv2 cvc cvc2 cardSecurityCode", { mask: "drop", clause: "PCI DSS 3.3.1" }),
  ...fields(
    `phoneNumber phone ani dnis mobileNumber mobilePhone cellPhone homePhone workPhone otherPhone contactPhone customerPhone
    callerNumber calledNumber callerId callbackNumber callbackNumbers faxNumber fax`,
    { mask: "phone", clause: SUPPRESSED },
  ),
  ...fields(
    `firstName lastName middleName fullName customerName participantName callerName contactName callbackUserName
    cardHolderName nameOnCard`,
    { mask: "token", options: { domain: "person" }, clause: PSEUDONYMISED },
  ),
  ...fields("emailAddress email customerEmail contactEmail workEmail personalEmail otherEmail", {
    mask: "email",
    clause: PSEUDONYMISED,
  }),
  ...fields("externalId", {
    mask: "token",
    options: { domain: "external-id", prefix: "Ext_" },
    clause: PSEUDONYMISED,
  }),
  ...fields("ssn socialSecurityNumber nationalId passportNumber driverLicenseNumber password", {
    mask: "drop",
    clause: SUPPRESSED,
  }),
];
