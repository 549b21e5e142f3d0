import { replaceHits } from "../detectors/detector.ts";
import { ALWAYS, DETECTORS } from "../detectors/index.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { ColumnSubstitution } from "./substitute.ts";

const names = DETECTORS.map(({ name }) => name) as [string, ...string[]];

export const scan = declareMask({
  name: "scan",
  summary: "free text: every hit of the detectors replaced by its label, the rest stays",
  options: (z) => ({
    detectors: z.array(z.enum(names)).min(1).default(names).describe("which detectors look; cvv and track always do"),
    with: z
      .string()
      .default("[LABEL]")
      .describe("written in place of a hit; LABEL becomes the detector's name in capitals"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options, _context, hit) => {
    const chosen = DETECTORS.filter((one) => options.detectors.includes(one.name) || ALWAYS.includes(one));
    const by = new Map(chosen.map(({ name, label }) => [name, options.with.replaceAll("LABEL", label)]));
    const substitution = new ColumnSubstitution([
      {
        replaceAll: (text) => replaceHits(text, chosen, (name) => by.get(name)!, hit),
        writes: [...by.values()].join(""),
        crosses: "\n",
      },
    ]);
    return (column, kernels) => substitution.apply(column, kernels);
  },
});
