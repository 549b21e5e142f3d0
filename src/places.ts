/** Where the configuration's and the command line's names lead. */
import { resolve } from "node:path";
import type { Overrides } from "./config/load.ts";
import { joinUri } from "./store/uri.ts";

/** Relative names of the command line start from the working directory, those of the file from the file. */
export function fromHere({ input, output }: Overrides, directory: string): Overrides {
  return {
    ...(input && { input: input.map((one) => located(one, directory)) }),
    ...(output !== undefined && { output: located(directoryOf(output), directory) }),
  };
}

/** An absolute path or a URI; what names a directory ends with a slash. */
export function located(uri: string, directory: string): string {
  // A scheme whose slashes are forgotten is no path: let it be refused.
  if (/^(?:[a-z][a-z\d+.-]*:\/\/|s3:|file:)/i.test(uri)) return uri;
  const absolute = resolve(directory, uri);
  return /(^|\/)\.{0,2}$/.test(uri) && absolute !== "/" ? `${absolute}/` : absolute;
}

/** The output prefix, complete but for its placeholders. */
export function outputPlace(output: string, directory: string): string {
  return located(directoryOf(output), directory);
}

/** What an output's placeholders stand for. */
export interface Placeholders {
  readonly environment: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly runId: string;
}

export function expand(output: string, { environment, date, runId }: Placeholders): string {
  const values: Readonly<Record<string, string>> = { environment: safe(environment), date, runId };
  return output.replace(/\{(environment|date|runId)\}/g, (_, name: string) => values[name]!);
}

/** Where the journals lie: beneath that part of the output which is the same for every run. */
export function journalPlace(output: string, environment: string, directory: string): string {
  const whole = outputPlace(output.replaceAll("{environment}", safe(environment)), directory);
  const open = whole.search(/\{(?:date|runId)\}/);
  const base = open < 0 ? whole : whole.slice(0, whole.lastIndexOf("/", open) + 1);
  return `${joinUri(base, "_maskline/genesys")}/`;
}

export function directoryOf(uri: string): string {
  return uri.endsWith("/") ? uri : `${uri}/`;
}

function safe(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}
