/** Words that make a field's name look sensitive, and what they stand for. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "a phone number": [
    "phone",
    "ani",
    "dnis",
    "mobile",
    "cell",
    "cellphone",
    "telephone",
    "tel",
    "fax",
    "msisdn",
    "callback",
    "callernumber",
    "callerid",
    "callednumber",
    "callingparty",
    "calledparty",
    "dialednumber",
    "subscribernumber",
  ],
  "an email address": ["email", "mail", "emails"],
  "a card": [
    "card",
    "pan",
    "cvv",
    "cvc",
    "cvv2",
    "cvc2",
    "ccnum",
    "cc",
    "creditcard",
    "cardholder",
    "securitycode",
    "expiry",
  ],
  "a government number": [
    "socialsecurity",
    "ssn",
    "sin",
    "nin",
    "passport",
    "license",
    "licence",
    "tax",
    "taxid",
    "nationalid",
    "dni",
  ],
  "a name": [
    "fname",
    "lname",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "forename",
    "givenname",
    "maiden",
    "nickname",
    "username",
  ],
  "an address": ["address", "street", "zip", "zipcode", "postal", "postcode", "city", "geo", "latitude", "longitude"],
  "a date of birth": ["birth", "dob", "birthdate", "birthday", "birthdate", "age"],
  "health data": ["mrn", "diagnosis", "patient", "medical", "health", "beneficiary", "member", "insurance", "icd"],
  "a secret": ["password", "pin", "secret", "passcode", "token", "otp"],
  "personal data": ["gender", "spouse", "ethnicity", "religion", "nationality", "salary"],
  "an account": ["account", "acct", "iban", "bban", "routing", "loyalty", "external", "customerid"],
  "a device or network address": ["ip", "mac", "imei", "imsi", "deviceid", "ipaddress"],
};

/** Whole names that say nothing of what they hold, and often hold a person. */
const PERSONS = /^(?:customer|caller|callee|client|remote|contact|subscriber)s?$/;

/** Names of people in lower case, as one word. */
const PERSON_NAME =
  /^(?:customer|client|contact|caller|patient|person|member|employee|guest|holder|cardholder|display)names?$/;

/** What has a name without being a person. */
const THINGS =
  /^(?:queue|flow|skill|team|site|division|campaign|file|event|schema|host|product|segment|metric|environment|wrapup|wrap|edge|trunk|group|unit|business|app|application|service|topic|category|language|station|bot|intent|outcome|milestone|action|table|column|field|type|status|state|reason|media|channel|direction|provider|region|country)s?$/;

const MEANING = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
);

/**
 * Why a leaf's name looks sensitive ("looks like a phone number"), or undefined. camelCase, snake_case and kebab-case
 * are split into words; neighbours are also read together (cell phone, birth date).
 */
export function looksSensitive(name: string): string | undefined {
  const words = name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  if (words.length === 1 && PERSONS.test(words[0]!)) return "looks like a name";
  for (const [index, word] of words.entries()) {
    if (PERSON_NAME.test(word)) return "looks like a name";
    const meaning = MEANING.get(word) ?? MEANING.get(stem(word)) ?? MEANING.get(word + (words[index + 1] ?? ""));
    if (meaning) return `looks like ${meaning}`;
    if (/^names?\d*$/.test(word) && !words.slice(0, index).some((before) => THINGS.test(before)))
      return "looks like a name";
  }
  return undefined;
}

/** phones, phone2, phonenumber, customerphone: one word to whoever writes names in lower case. */
function stem(word: string): string {
  const singular = word.replace(/\d+$/, "").replace(/(?<!s)s$/, "");
  if (MEANING.has(singular)) return singular;
  const tail = /(?:phone|email|ssn|firstname|lastname|birthdate)$/.exec(singular);
  return tail?.[0] ?? singular.replace(/(?:number|num|no|nr|address|addr|id|code)$/, "");
}
