import { usageError } from "../errors.ts";
import type { VendorField } from "../genesys/types.ts";
import { Decider, type Policy } from "./decide.ts";
import { topOf, vendorLeaf } from "./vendor-fields.ts";

/**
 * What an export includes beyond the harmless must be masked by someone who thought of it: unmasked recordings and
 * transcripts in a bucket are the greatest harm. Neither `keep` nor what happens to the unmatched counts.
 * @param fields - the export's schema, once it is known: then all text beneath such a field is judged
 * @throws MasklineError (exit 2) saying which rule to add
 */
export function checkIncluded(policy: Policy, include: readonly string[], fields?: readonly VendorField[]): void {
  const decider = new Decider(policy);
  const masked = (path: string, type: string): boolean => {
    const leaf = vendorLeaf({ path, type }, []);
    // Times and numbers within a transcript are not what is said in it.
    if (path.length > topOf(path).length && leaf.field.kind !== "utf8" && leaf.field.kind !== "binary") return true;
    const { mask, rule } = decider.decide(leaf);
    if (rule.startsWith("unmatched.")) return false;
    // What is said in a recording, no mask of text finds.
    if (topOf(path) === RECORDING) return WHOLE.includes(mask);
    return mask !== "keep" && mask !== "pause";
  };
  const problems = include.flatMap((name) => {
    const beneath = fields?.filter(({ path }) => topOf(path) === name) ?? [];
    if (fields && beneath.length === 0) throw unknownField(name);
    if (beneath.length > 0) return beneath.flatMap(({ path, type }) => (masked(path, type) ? [] : [path]));
    return masked(name, "string") || reachesBeneath(policy, name) ? [] : [name];
  });
  if (problems.length === 0) return;
  const rules = problems.map(
    (path) => `  { path: "${path}", mask: ${path.startsWith("transcript") ? "scan" : "drop"} }`,
  );
  throw usageError(
    `checking genesys.export.include: nothing in the policy masks ${problems.join(", ")}, which would be exported as it is; ` +
      `add to policy.rules a rule for each, such as\n${rules.join("\n")}\nor take it out of include`,
  );
}

const RECORDING = "recordingContent";
/** Masks that leave nothing. */
const WHOLE: readonly string[] = ["drop", "null", "replace"];

/** Asked for, it would come in a shape that nobody has decided on. */
function unknownField(name: string): Error {
  return usageError(
    `checking genesys.export.include: the export's schema has no ${name}; take it out, or ask the vendor how it is called`,
  );
}

/** Before the schema is known: a rule for something beneath the field. */
function reachesBeneath({ rules }: Policy, name: string): boolean {
  return rules.some(
    ({ path, mask, when }) =>
      path !== undefined &&
      mask !== "keep" &&
      (name !== RECORDING || WHOLE.includes(mask)) &&
      when === undefined &&
      topOf(path.replace(/^\*+/, "")).toLowerCase() === name.toLowerCase(),
  );
}
