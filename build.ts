/**
 * `npm run build`: dist/ for the image and the benchmark, in few files. Node takes a third of a short run to find, read and
 * link some 300 modules; bundled, that falls by a half. Types are checked by `npm run typecheck`.
 */
import { copyFile, rm } from "node:fs/promises";
import { type BuildOptions, build, type Plugin } from "esbuild";

/** Of the languages in which zod can tell what is wrong, the one that it does: a third of what each thread would load. */
const onlyEnglish: Plugin = {
  name: "only-english",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    })),
};

/** Of the metrics' library, what pushes them and measures processes is not used; it would load HTTPS, TLS and cluster. */
const onlyMetrics: Plugin = {
  name: "only-metrics",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]prom-client[\\/]lib[\\/](?:pushgateway|cluster|defaultMetrics)\.js$/ }, () => ({
      contents: "",
    })),
};

await rm("dist", { recursive: true, force: true });
const settings: BuildOptions = {
  // Flat, so that a file finds its neighbours wherever the bundler has put it.
  entryNames: "[name]",
  chunkNames: "chunk-[hash]",
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node24",
  format: "esm",
  legalComments: "none",
  // Names stay as they are, for those who read stack traces.
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [onlyEnglish, onlyMetrics],
  // These find files of their own beside them: a thread's code, wasm, a native program.
  external: ["piscina", "parquet-wasm", "recheck"],
  // CommonJS packages call require, which ES modules do not have.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
  logLevel: "warning",
};
// What the main thread and its workers both load is cut into some 30 pieces if built together; apart, into a few.
await build({ ...settings, entryPoints: ["src/cli.ts", "src/main.ts", "src/probe.ts"] });
await build({ ...settings, entryPoints: ["src/worker/task.ts"] });
await build({ ...settings, entryPoints: ["src/output/write-task.ts"] });
await copyFile("src/kernels/kernels.wasm", "dist/kernels.wasm");
