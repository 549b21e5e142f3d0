import { ALWAYS, DETECTORS } from "../detectors/index.ts";
import { sensitiveMembers } from "./json/members.ts";
import { declareMask, TEXT_AND_NUMBERS, type ValueMask } from "./mask.ts";
import { RecordNames } from "./record-names.ts";
import { ColumnScan } from "./scan-column.ts";

const names = DETECTORS.map(({ name }) => name) as [string, ...string[]];

export const scan = declareMask({
  name: "scan",
  summary:
    "free text: every hit of the detectors replaced by its label, and in JSON documents what stands under sensitive names; the rest stays",
  options: (z) => ({
    detectors: z.array(z.enum(names)).min(1).default(names).describe("which detectors look; cvv and track always do"),
    with: z
      .string()
      .default("[LABEL]")
      .describe("written in place of a hit; LABEL becomes the detector's name in capitals, NAME for a name"),
    names: z
      .union([z.literal("record"), z.array(z.string().min(1))])
      .default("record")
      .describe(
        "columns whose names of people are found again in this text; record: all of its own record that hold some",
      ),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options, context, hit) => {
    const chosen = DETECTORS.filter((one) => options.detectors.includes(one.name) || ALWAYS.includes(one));
    const by = new Map(chosen.map(({ name, label }) => [name, options.with.replaceAll("LABEL", label)]));
    const scan = new ColumnScan(chosen, by, hit);
    // First: what was found in a document may make it none.
    const members = sensitiveMembers(context, options.with.replaceAll("LABEL", "MASKED"), hit);
    const scanned: ValueMask = (column, kernels) => scan.apply(members(column, kernels), kernels);
    // Planning has put the leaves' paths where the configuration says "record".
    const paths = typeof options.names === "string" ? [] : options.names;
    if (paths.length === 0) return scanned;
    const record = new RecordNames(paths, options.with.replaceAll("LABEL", "NAME"), (hits) => hit("name", hits));
    return (column, kernels, beside) => record.apply(scanned(column, kernels), kernels, beside);
  },
});
