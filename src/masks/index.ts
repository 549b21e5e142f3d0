import { age } from "./age.ts";
import { date } from "./date.ts";
import { email } from "./email.ts";
import { fpe } from "./fpe.ts";
import { ip } from "./ip.ts";
import { json } from "./json/json.ts";
import type { MaskDeclaration } from "./mask.ts";
import { name } from "./name.ts";
import { number } from "./number.ts";
import { pan } from "./pan.ts";
import { phone } from "./phone.ts";
import { regex } from "./regex.ts";
import { replace } from "./replace.ts";
import { saltedHash } from "./salted-hash.ts";
import { scan } from "./scan.ts";
import { drop, keep, nullify } from "./structural.ts";
import { token } from "./token.ts";
import { zip } from "./zip.ts";

/** Every mask. Parser, lint, help, docs and the JSON Schema come from these declarations. */
export const MASKS: readonly MaskDeclaration[] = [
  keep,
  drop,
  nullify,
  replace,
  regex,
  token,
  saltedHash,
  pan,
  phone,
  email,
  date,
  age,
  zip,
  ip,
  number,
  fpe,
  name,
  scan,
  json,
];

/** The declaration of a mask that a decision names. */
export function maskNamed(name: string): MaskDeclaration {
  const mask = MASKS.find((one) => one.name === name);
  if (mask === undefined) throw new RangeError(`there is no mask "${name}"`);
  return mask;
}
