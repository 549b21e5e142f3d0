import type { Leaf } from "../leaves.ts";
import { wordsOf } from "../sensitive.ts";
import { LOOKS, type Look } from "../sensitive-words.ts";
import { type Evidence, saysWhole, shareOf } from "./evidence.ts";
import { byCode } from "./ids.ts";
import { suggest, token, type Verdict } from "./suggestion.ts";

/** What a mask leaves alone must be next to nothing; a mask that replaces the rest, too, may be wrong about more. */
export const NEARLY_ALL = 0.98;
export const MOST = 0.8;

/** What a leaf that looks so by its name could become, given what its values show. */
export function byLook(look: Look, leaf: Leaf, seen: Evidence): Verdict {
  const named = `${LOOKS[look]} by its name`;
  const why = seen.values === 0 ? `${named}; no value in the sample` : `${named}; ${saysWhole(seen)}`;
  switch (look) {
    case "authentication":
      return suggest("drop", `${named}: never stored (PCI DSS 3.3.1)`);
    case "expiry":
      return suggest("drop", `${named} (PCI DSS 3.2.1)`);
    case "card":
      // Short runs of digits pass the mask: the last four, a brand.
      return shareOf(seen, "card") >= NEARLY_ALL
        ? suggest("pan", why)
        : { open: `${why}: drop it, or keep what is no number` };
    case "email":
      return suggest("email", why);
    case "phone":
    case "fax":
      return phone(seen, why);
    case "ip":
      return shareOf(seen, "ip") >= MOST ? suggest("ip", why) : token("device", "Device_", why);
    case "birth":
      return birth(leaf, named);
    case "name":
      return token("person", "User_", named);
    case "address":
      return address(leaf, seen, named, why);
    case "account":
      return token("account", "Account_", named);
    case "record":
    case "plan":
    case "device":
    case "url":
      return token(look, `${look[0]!.toUpperCase()}${look.slice(1)}_`, `${named}; a token still tells equals`);
    case "code":
      return byCode(leaf.name);
    case "national":
    case "licence":
    case "vehicle":
    case "biometric":
    case "photo":
    case "secret":
      return suggest("drop", `${named}: no analysis needs it`);
    case "health":
    case "personal":
      return { open: `${named}: drop it, or keep it where the analysis is about it` };
  }
}

/** The mask takes what it finds; where that is not all, a token takes the whole. */
export function phone(seen: Evidence, why: string): Verdict {
  if (shareOf(seen, "phone", "email") >= NEARLY_ALL) return suggest("phone", why);
  return token("phone", "Phone_", `${why}; a token leaves nothing of the others`);
}

function birth({ name, field: { kind } }: Leaf, named: string): Verdict {
  const isAge = wordsOf(name).some((word) => AGE.test(word)) || /年齢|年齡|年龄|나이/.test(name);
  if (isAge && kind !== "date32" && kind !== "date64" && kind !== "timestamp") {
    return suggest("age", "an age by its name; 90 and more is one (45 CFR 164.514(b)(2)(i)(C))");
  }
  return suggest("date", `${named}: its year stays (45 CFR 164.514(b)(2)(i)(C))`, { to: "year" });
}

const AGE = /^(?:age(?:in)?(?:years?)?|alter|edad|idade|leeftijd|nenrei)$/;

function address({ name }: Leaf, seen: Evidence, named: string, why: string): Verdict {
  if (Object.keys(seen.whole).length > 0) return token("address", "Address_", `${why}; a token leaves nothing of any`);
  if (wordsOf(name).some((word) => ZIP.test(word)) && !/zip_?-?4/i.test(name)) {
    return suggest("zip", "a ZIP code by its name; three digits at most stay (45 CFR 164.514(b)(2)(i)(B))");
  }
  return suggest("drop", `${named}: a part of one may tell who lives there`);
}

const ZIP = /^(?:zip5?|zipcode)$/;
