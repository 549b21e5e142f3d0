import { z } from "zod";
import type { GenesysExport } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import type { Api, VendorField } from "./types.ts";

/** The vendor's schema of an entity. */
export interface VendorSchema {
  readonly version: string | undefined;
  readonly fields: readonly VendorField[];
}

/** Pages that a list of schemas may have. */
const MOST_PAGES = 100;
const MOST_FIELDS = 10_000;
const LONGEST_PATH = 1_000;

/** Names with `.` struct, `[]` list and `{}` map between or after them; they are shown to people, so nothing controls. */
const PATH = /^[^\p{C}.[\]{}]+(?:\[\]|\{\}|\.[^\p{C}.[\]{}]+)*$/u;

/** What is not needed may be there, and may change. */
const page = z.object({
  entities: z.array(z.looseObject({ name: z.string() })),
  nextUri: z.string().nullish(),
});

const entity = z.object({
  version: z.union([z.string().max(100), z.number()]).nullish(),
  fields: z
    .array(z.object({ path: z.string().max(LONGEST_PATH).regex(PATH, "no path"), type: z.string().max(100) }))
    .min(1)
    .max(MOST_FIELDS),
});

/**
 * The schema of the export's entity as the API has it now.
 * @throws MasklineError (exit 1) where there is none, or it cannot be understood; what `Api.call` throws
 */
export async function readSchema(
  api: Api,
  { paths, entityType }: Pick<GenesysExport, "paths" | "entityType">,
  signal: AbortSignal,
): Promise<VendorSchema> {
  const seen = new Set<string>();
  let next: string | undefined = paths.schemas;
  while (next !== undefined) {
    const doing = `reading the schema of ${entityType} (GET ${pathOf(next)})`;
    seen.add(next);
    const body = await api.call({ method: "GET", path: next, endpoint: "schemas" }, signal);
    const { entities, nextUri } = checked(page, body, doing);
    const own = entities.filter(({ name }) => name === entityType);
    if (own.length > 1) throw unusable(`${doing}: the reply names ${entityType} ${own.length} times`);
    if (own[0]) {
      const { version, fields } = checked(entity, own[0], doing);
      return { version: version == null ? undefined : String(version), fields };
    }
    if (nextUri == null || nextUri === "") break;
    next = following(nextUri, seen, doing);
  }
  throw unusable(
    `reading the schema of ${entityType} (GET ${paths.schemas}): the API names no such entity; check genesys.export.entityType`,
  );
}

/** The next page: of this host only, and not one that was there already. */
function following(uri: string, seen: ReadonlySet<string>, doing: string): string {
  if (!/^\/(?!\/)[^\s\\#]*$/.test(uri)) throw unusable(`${doing}: nextUri is no path of this host`);
  if (seen.has(uri)) throw unusable(`${doing}: nextUri leads in a circle`);
  if (seen.size === MOST_PAGES) throw unusable(`${doing}: there are more than ${MOST_PAGES} pages`);
  return uri;
}

function checked<T>(schema: z.ZodType<T>, body: unknown, doing: string): T {
  const { data, error } = schema.safeParse(body);
  if (data !== undefined) return data;
  const [issue] = error!.issues;
  throw unusable(`${doing}: the reply is not a list of schemas: ${issue!.path.join(".") || "it"}: ${issue!.message}`);
}

/** A query may hold a cursor. */
function pathOf(uri: string): string {
  return uri.split("?", 1)[0]!;
}

/** The same request would be answered in the same way. */
function unusable(message: string): Error {
  return failure(message, { stage: "drift", retryable: false });
}
