import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Shape } from "./data.ts";
import { dataDirectory, node, root } from "./places.ts";

/** How maskline is to do the work. */
export interface MasklineOptions {
  /** Tokens as the rivals make them: plain salted SHA-256 in place of HMAC. */
  readonly plain?: boolean;
  /** Everything but writing. */
  readonly discard?: boolean;
  /** What a run may take; the usual where it is not given. */
  readonly memory?: string;
}

/** maskline as the image runs it, built, on the shape's configuration. Input and output are paths or URIs. */
export async function masklineCommand(
  shape: Shape,
  workers: number,
  options: MasklineOptions,
  input: string,
  output: string,
): Promise<string[]> {
  const config = await configuration(shape, workers, options);
  const rest = ["--input", input, "--output", output, "--replace", "--quiet", "--json"];
  if (options.discard) rest.push("--dry-run");
  return [node, join(root, "dist/cli.js"), "run", "-c", config, ...rest];
}

/** The shape's configuration, changed as asked for. It is JSON, which is YAML too. */
async function configuration(shape: Shape, workers: number, { plain, memory }: MasklineOptions): Promise<string> {
  const config = parse(await readFile(join(import.meta.dirname, `${shape}.yaml`), "utf8")) as Configuration;
  const rules = config.policy.rules.map(({ domain, ...rule }) => {
    if (plain && rule.mask === "token") return { ...rule, mask: "salted-hash", length: 16 };
    return domain === undefined ? rule : { ...rule, domain };
  });
  const changed = {
    ...config,
    policy: { ...config.policy, rules },
    runtime: { ...config.runtime, workers, ...(memory !== undefined && { memory }) },
    // The usual port may be another run's.
    metrics: { port: 0 },
  };
  const parts = [shape, workers, ...(plain ? ["plain"] : []), ...(memory === undefined ? [] : [memory])];
  const path = join(dataDirectory, `${parts.join("-")}.yaml`);
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(path, `${JSON.stringify(changed, null, 2)}\n`);
  return path;
}

interface Configuration {
  readonly policy: { readonly rules: readonly Readonly<Record<string, unknown>>[] };
  readonly runtime: Readonly<Record<string, unknown>>;
}
