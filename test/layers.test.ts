/** The sources keep to the layout of the design: who may import whom, who may touch the outside. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { it } from "node:test";

const ROOT = join(import.meta.dirname, "..");

interface Import {
  readonly from: string;
  /** A file of src as a path from it, or a package's or builtin's name. */
  readonly to: string;
  /** Only types: nothing of it is there when the program runs. */
  readonly typesOnly: boolean;
}

interface Source {
  /** Path from src, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly code: string;
}

const SOURCES: readonly Source[] = globSync("src/**/*.ts", { cwd: ROOT })
  .map((path) => path.split(sep).join("/"))
  // AssemblyScript, which is built into one module.
  .filter((path) => !path.startsWith("src/kernels/assembly/"))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path: relative("src", path).split(sep).join("/"), text, code: withoutComments(text) };
  })
  .toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** Line and block comments; a `//` within a string stands after a colon or a quote. */
function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

const IMPORTS: readonly Import[] = SOURCES.flatMap(({ path, code }) => [
  ...[...code.matchAll(/^(?:import|export)\s+(type\s)?([^;"]*?)\s*from\s*"([^"]+)"/gm)].map(([, type, names, to]) => ({
    from: path,
    to: resolved(path, to!),
    typesOnly: type !== undefined || onlyTypes(names!),
  })),
  ...[...code.matchAll(/^import\s*"([^"]+)"|\b(?:import|require|resolve)\("([^"]+)"\)/gm)].map(([, bare, called]) => ({
    from: path,
    to: resolved(path, (bare ?? called)!),
    typesOnly: false,
  })),
]);

function onlyTypes(names: string): boolean {
  const list = /^\{(.*)\}$/s.exec(names)?.[1];
  return list?.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type ")) ?? false;
}

function resolved(from: string, to: string): string {
  return to.startsWith(".") ? posix.join(dirname(from), to) : to;
}

function within(path: string, ...folders: string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** Imports that a rule forbids, but for those named. */
function offenders(rule: (one: Import) => boolean, ...allowed: string[]): string[] {
  return IMPORTS.filter(rule)
    .map(({ from, to, typesOnly }) => `${from} → ${to}${typesOnly ? " (types)" : ""}`)
    .filter((one) => !allowed.includes(one));
}

/** Files, network, processes, threads. */
const OUTSIDE =
  /^(?:node:(?:fs|fs\/promises|net|http|https|http2|tls|dgram|dns|child_process|worker_threads|cluster|process)|undici|@aws-sdk\/.*|@smithy\/.*|piscina)$/;

it("finds imports of every form", () => {
  assert.ok(SOURCES.length > 60 && IMPORTS.length > 200);
  const kinds = (from: string, to: string) =>
    IMPORTS.filter((one) => one.from === from && one.to === to).map(({ typesOnly }) => typesOnly);
  assert.deepEqual(kinds("masks/index.ts", "masks/pan.ts"), [false]);
  assert.deepEqual(kinds("masks/text.ts", "types.ts"), [true]);
  assert.deepEqual(kinds("masks/pan.ts", "detectors/card.ts"), [false]);
  assert.ok(kinds("worker/parquet.ts", "parquet-wasm/node").includes(false));
  for (const { from, to } of IMPORTS) {
    if (!to.endsWith(".ts")) continue;
    assert.ok(SOURCES.some(({ path }) => path === to) || to.startsWith("kernels/assembly/"), `${from} imports ${to}`);
  }
});

it("configuration, policy, masks, detectors and kernels know no I/O", () => {
  const pure = ["config", "policy", "masks", "detectors", "kernels", "proof"];
  assert.deepEqual(
    offenders(
      ({ from, to }) =>
        within(from, ...pure) && (OUTSIDE.test(to) || within(to, "store", "input", "output", "observe", "worker")),
      "config/load.ts → node:fs/promises",
      "kernels/load.ts → node:fs",
    ),
    [],
  );
});

it("workers know no network, no store and no stage but their own", () => {
  const network = /^(?:node:(?:net|http|https|http2|tls|dgram|dns)|undici|@aws-sdk\/.*|@smithy\/.*)$/;
  assert.deepEqual(
    offenders(
      ({ from, to }) =>
        within(from, "worker") && (network.test(to) || within(to, "store", "input", "output", "observe")),
    ),
    [],
  );
});

it("workers load no zod: they get options parsed, and every one of them would have to wait for it", () => {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { from, to, typesOnly } of IMPORTS) if (from === path && !typesOnly) load(to);
  };
  load("worker/task.ts");
  assert.ok(loaded.has("masks/index.ts") && loaded.has("proof/record.ts"));
  assert.deepEqual(
    [...loaded].filter((path) => path === "zod" || path.startsWith("policy/decide")),
    [],
  );
});

it("input and output know of each other's types only", () => {
  assert.deepEqual(
    offenders(
      ({ from, to, typesOnly }) =>
        !typesOnly &&
        ((within(from, "input") && within(to, "output")) || (within(from, "output") && within(to, "input"))),
    ),
    [],
  );
});

it("Genesys Cloud's side knows no input and no output", () => {
  assert.deepEqual(
    offenders(
      ({ from, to, typesOnly }) =>
        !typesOnly &&
        ((within(from, "genesys") && within(to, "input", "output", "observe")) ||
          (within(from, "input", "output") && within(to, "genesys"))),
    ),
    [],
  );
});

it("the store knows nothing of what is stored", () => {
  assert.deepEqual(
    offenders(
      ({ from, to }) =>
        within(from, "store") &&
        within(to, "config", "policy", "masks", "detectors", "kernels", "worker", "input", "output"),
    ),
    [],
  );
});

it("only the top knows every stage", () => {
  const top = [
    "cli.ts",
    "main.ts",
    "run.ts",
    "prepare.ts",
    "copy.ts",
    "size.ts",
    "probe.ts",
    "sample.ts",
    "drift.ts",
    "schema-gate.ts",
    "init.ts",
    "commands.ts",
    "verify.ts",
    "masking.ts",
    "transfer.ts",
    "exporting.ts",
    "announced.ts",
    "connections.ts",
    "schema-gate.ts",
    "hooks.ts",
    "rehearsal.ts",
    "run.ts",
  ];
  assert.deepEqual(
    offenders(({ from, to, typesOnly }) => from.includes("/") && top.includes(to) && !typesOnly),
    [],
  );
});

it("what imports nothing stays so", () => {
  assert.deepEqual(
    offenders(({ from }) => from === "types.ts" || from === "errors.ts"),
    [],
  );
});

it("only the command line touches the process", () => {
  const known = new Set([
    "cli.ts",
    "main.ts",
    // A process of its own, which measures itself.
    "probe.ts",
    // Its own thread's CPU time.
    "output/write-task.ts",
    // The usual AWS variables.
    "store/s3-client.ts",
    // Which process makes a file, and whether it lives.
    "store/local-temporary.ts",
    // The usual AWS variables.
    "keys/secrets-manager.ts",
    // recheck takes its setting from the environment.
    "policy/patterns.ts",
  ]);
  const users = SOURCES.filter(({ code }) => /\bprocess\s*[.[]|node:process/.test(code)).map(({ path }) => path);
  assert.deepEqual(
    users.filter((path) => !known.has(path)),
    [],
  );
});

it("no source file is longer than 300 lines", () => {
  const long = SOURCES.map(({ path, text }) => [path, text.split("\n").length - 1] as const).filter(
    ([, lines]) => lines > 300,
  );
  assert.deepEqual(long, []);
});
