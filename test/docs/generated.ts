import { join } from "node:path";
import { configurationMarkdown, editorSchema } from "../../src/config/reference.ts";

/** The repository's top directory. */
export const ROOT = join(import.meta.dirname, "../..");

/** The files that are derived from the declaration, and what must be in them. */
export function generated(): { name: string; file: string; text: string }[] {
  const files = {
    "docs/configuration.md": configurationMarkdown(),
    "maskline.schema.json": `${JSON.stringify(editorSchema(), null, 2)}\n`,
  };
  return Object.entries(files).map(([name, text]) => ({ name, file: join(ROOT, name), text }));
}
