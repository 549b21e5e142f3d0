import { z } from "zod";

/** What every source of a key may say beside where it is. */
const named = {
  id: z
    .string()
    .regex(/^[\w.:-]{1,32}$/, "a name of at most 32 letters, digits, - _ . or :")
    .optional()
    .describe("name of the key, shown in manifest and report; never the key itself"),
};

/** Where a key can be had, with the settings that all of these share. */
function sources<Shared extends z.ZodRawShape>(shared: Shared) {
  return z.union([
    z.strictObject({ env: z.string().min(1).describe("environment variable that holds the key"), ...shared }),
    z.strictObject({
      file: z.string().min(1).describe("file that holds the key; relative to the configuration"),
      ...shared,
    }),
    z.strictObject({
      secretsManager: z.string().min(1).describe("name or ARN of a secret in AWS Secrets Manager"),
      field: z.string().min(1).optional().describe("the secret's member that is the key, where it is a JSON object"),
      stage: z.string().min(1).default("AWSCURRENT").describe("staging label of the secret's version: AWSPREVIOUS, …"),
      ...shared,
    }),
  ]);
}

const previous = sources({
  ...named,
  suffix: z.string().min(1).max(64).default("_previous").describe("of the fields with the previous key's tokens"),
})
  .optional()
  .describe("the key before this one: for this run, its tokens stand beside the new ones");

/** Where a master key is to be had; never the key itself. */
export const keySchema = sources({ ...named, previous });

/** Where any other secret is to be had. */
export const secretSchema = sources({});

export type Secret = z.output<typeof secretSchema>;
export type KeySource = z.output<typeof keySchema>;
