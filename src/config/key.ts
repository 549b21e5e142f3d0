import { z } from "zod";

/** What every source of a key may say beside where it is. */
const named = {
  id: z
    .string()
    .regex(/^[\w.:-]{1,32}$/, "a name of at most 32 letters, digits, - _ . or :")
    .optional()
    .describe("name of the key, shown in manifest and report; never the key itself"),
};

/** Where a master key is to be had; never the key itself. */
export const keySchema = z.union([
  z.strictObject({ env: z.string().min(1).describe("environment variable that holds the key"), ...named }),
  z.strictObject({
    file: z.string().min(1).describe("file that holds the key; relative to the configuration"),
    ...named,
  }),
]);

export type KeySource = z.output<typeof keySchema>;
