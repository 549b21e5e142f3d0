/** A bundled rule: which leaves by name, which mask, which options. */
export interface PresetRule {
  readonly field: string;
  readonly mask: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** As in a rule: only where the nearest field of that name (without one: the value itself) holds one of these. */
  readonly when?: { readonly field?: string | undefined; readonly is: readonly string[] };
}

const person = { domain: "person" };
const externalId = { domain: "external-id", prefix: "Ext_" };

/** Names are compared without case, `_`, `-` and spaces, so that phoneNumber, phone_number and PHONE NUMBER are one. */
export const PRESETS = {
  /** The fields of a contact centre's interaction export. */
  "contact-center": [
    ...["cardNumber", "creditCardNumber", "creditCard", "cardPan", "pan"].map((field) => ({ field, mask: "pan" })),
    ...[
      "phoneNumber",
      "phone",
      "ani",
      "dnis",
      "mobileNumber",
      "mobilePhone",
      "cellPhone",
      "homePhone",
      "workPhone",
    ].map((field) => ({ field, mask: "phone" })),
    ...["firstName", "lastName", "middleName", "fullName", "customerName", "participantName"].map((field) => ({
      field,
      mask: "token",
      options: person,
    })),
    ...["emailAddress", "email"].map((field) => ({ field, mask: "email" })),
    { field: "externalId", mask: "token", options: externalId },
  ],
} satisfies Readonly<Record<string, readonly PresetRule[]>>;
