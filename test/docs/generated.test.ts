import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../src/config/load.ts";
import { EXIT } from "../../src/errors.ts";
import { MASKS } from "../../src/masks/index.ts";
import { Metrics } from "../../src/observe/metrics.ts";
import { generated, ROOT } from "./generated.ts";

const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

/** Code blocks of a page. */
function blocks(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n((?:.*\\n)*?)\`\`\`$`, "gm");
  return [...read(page).matchAll(fence)].map(([, text]) => text!);
}

for (const { name, text } of generated()) {
  test(`${name} is what the declaration says (npm run docs)`, () => assert.equal(read(name), text));
}

/** Whole configurations; pages show pieces of one, too. */
const configurations = [
  { name: "maskline.yaml", text: read("maskline.yaml") },
  ...PAGES.flatMap((page) =>
    blocks(page, "yaml")
      .filter((text) => /^environment:/m.test(text))
      .map((text, index) => ({ name: `${page}, configuration ${index + 1}`, text })),
  ),
];

test("the README shows a whole configuration", () => {
  assert.ok(configurations.some(({ name }) => name.startsWith("README.md")));
});

for (const { name, text } of configurations) {
  test(`${name}: is accepted`, () => {
    parseConfig(text, name);
  });

  test(`${name}: is accepted by the editors' schema`, () => {
    const schema = z.fromJSONSchema(JSON.parse(read("maskline.schema.json")));
    assert.deepEqual(schema.safeParse(parse(text)).error?.issues ?? [], []);
  });
}

test("the editors' schema wants field or path, not both", () => {
  const schema = z.fromJSONSchema(JSON.parse(read("maskline.schema.json")));
  const accepts = (rule: object) =>
    schema.safeParse({ ...parse(read("maskline.yaml")), policy: { rules: [{ ...rule, mask: "drop" }] } }).success;
  assert.deepEqual(
    [accepts({ field: "a" }), accepts({ path: "a.b" }), accepts({}), accepts({ field: "a", path: "a.b" })],
    [true, true, false, false],
  );
});

test("every setting and every option has a meaning and a default, or is required", () => {
  const rows = blocksOfTables(read("docs/configuration.md"));
  const lacking = rows.filter((cells) => cells.length === 4 && cells[3] === "").map(([name]) => name);
  assert.deepEqual(lacking, []);
});

function blocksOfTables(page: string): string[][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
}

for (const { name, options } of MASKS) {
  test(`the mask ${name} is documented`, () => {
    assert.match(read("docs/configuration.md"), new RegExp(`^### \`${name}\`$`, "m"));
    assert.match(read("README.md"), new RegExp(`^\\| \`${name}\` \\|`, "m"));
    const section = read("docs/configuration.md")
      .split(/^### /m)
      .find((one) => one.startsWith(`\`${name}\``));
    for (const option of Object.keys(options(z))) assert.match(section!, new RegExp(`^\\| \`${option}\` \\|`, "m"));
  });
}

test("every exit code is documented", () => {
  for (const code of Object.values(EXIT)) assert.match(read("README.md"), new RegExp(`^\\| ${code} \\|`, "m"));
});

test("operations.md lists the metrics there are, and no others", async () => {
  const there = (await new Metrics().registry.getMetricsAsJSON()).map(({ name }) => name);
  const listed = [...read("docs/operations.md").matchAll(/^\| `(maskline_\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(listed.toSorted(), there.toSorted());
});

test("links between the pages lead somewhere", () => {
  for (const page of PAGES) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      const file = join(ROOT, dirname(page), target!);
      assert.doesNotThrow(() => readdirOrFile(file), `${page} links to ${relative(ROOT, file)}`);
    }
  }
});

function readdirOrFile(path: string): void {
  if (path.endsWith("/")) readdirSync(path);
  else readFileSync(path);
}
