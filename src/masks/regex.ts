import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { ColumnSubstitution } from "./substitute.ts";

export const regex = declareMask({
  name: "regex",
  summary: "each match of the patterns replaced, in turn; the rest of the value stays",
  options: (z) => ({
    patterns: z
      .array(
        z.strictObject({
          match: z.string().min(1).describe("a regular expression, JavaScript syntax"),
          with: z.string().default("").describe("the replacement; $1, $<name> insert groups"),
          flags: z
            .string()
            .regex(/^[gimsuv]*$/, "flags may be i, m, s, u and v (g is always on)")
            .default("")
            .describe("i, m, s, u, v; every match is replaced, so g is implied"),
        }),
      )
      .min(1)
      .describe("applied in this order"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: ({ patterns }) => {
    const substitution = new ColumnSubstitution(
      patterns.map(({ match, with: by, flags }) => ({ pattern: new RegExp(match, globally(flags)), with: by })),
    );
    return (column, kernels) => substitution.apply(column, kernels);
  },
});

/** Flags with g: every match is replaced. */
export function globally(flags: string): string {
  return flags.includes("g") ? flags : `g${flags}`;
}
