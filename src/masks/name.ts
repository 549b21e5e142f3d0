import { canonicalColumn } from "./canonical.ts";
import { FIRST_NAMES, LAST_NAMES } from "./data/names.ts";
import { Draws } from "./draws.ts";
import { ANY_SCALAR, declareMask } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

export const name = declareMask({
  name: "name",
  summary:
    "a made-up name from bundled lists, the same for the same person; many share one, so this is no key to join by (token is)",
  options: (z) => ({
    part: z.enum(["full", "first", "last"]).default("full").describe("what the column holds"),
    domain: z.string().min(1).default("person").describe("values of one domain share surrogates"),
  }),
  accepts: ANY_SCALAR,
  action: "text",
  keyed: true,
  counts: "all",
  compile: ({ part, domain }, context) => {
    const key = context.domainKey(`name/${domain}`);
    const canonical = canonicalColumn(domain);
    const first = chooser(FIRST_NAMES);
    const last = chooser(LAST_NAMES);
    return memoised((column, kernels) => {
      const persons = canonical(column, kernels);
      const draws = new Draws(persons, key, kernels, 2);
      return mapValues(persons, kernels, (value, index) => {
        const person = value.toLowerCase();
        if (part === "first") return first(draws.at(index, 0), person);
        if (part === "last") return last(draws.at(index, 1), person);
        return `${first(draws.at(index, 0), person)} ${last(draws.at(index, 1), person)}`;
      });
    });
  },
});

/** Where a value holds every name of a list. */
const NOBODY = "[NAME]";

/** The name that is drawn, or the next one that does not stand in the person's own. */
function chooser(names: readonly string[]): (draw: number, person: string) => string {
  const lower = names.map((one) => one.toLowerCase());
  return (draw, person) => {
    const from = draw % names.length;
    for (let step = 0; step < names.length; step++) {
      const at = (from + step) % names.length;
      if (!person.includes(lower[at]!)) return names[at]!;
    }
    return NOBODY;
  };
}
