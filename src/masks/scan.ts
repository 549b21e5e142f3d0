import { DETECTORS } from "../detectors/index.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { ColumnSubstitution } from "./substitute.ts";

const names = DETECTORS.map(({ name }) => name) as [string, ...string[]];

export const scan = declareMask({
  name: "scan",
  summary: "free text: every hit of the detectors replaced by its label, the rest stays",
  options: (z) => ({
    detectors: z.array(z.enum(names)).min(1).default(names).describe("which detectors look"),
    with: z.string().default("[LABEL]").describe("written in place of a hit; LABEL becomes CARD, PHONE, EMAIL or SSN"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options, _context, hit) => {
    const chosen = DETECTORS.filter(({ name }) => options.detectors.includes(name));
    const substitution = new ColumnSubstitution(
      chosen.map(({ name, label, substitution: of }) =>
        of(options.with.replaceAll("LABEL", label), (hits) => hit(name, hits)),
      ),
    );
    return (column, kernels) => substitution.apply(column, kernels);
  },
});
