import { MASKS } from "../../src/masks/index.ts";
import type { Frame, Sample } from "./samples.ts";

/** A thread that waits for something to do: no work. */
export const IDLE = "idle";

/** Frames, as `file name`, that say which stage they are part of. */
const STAGES: readonly (readonly [stage: string, frames: RegExp])[] = [
  ["garbage collector", /^ \(garbage collector\)$/],
  ["V8 and Node themselves", /^ \(program\)$/],
  [IDLE, /^ \(idle\)$/],
  ["decode (parquet-wasm)", /^(?:wasm wasm-function|parquet-wasm\/)/],
  ["hand-over to the kernels", /^worker\/(?:import|c-data|import-\w+|layout\w*)\.js /],
  ["copy-out of JSON lines", /^worker\/encode\.js owned$/],
  ["compress", /^worker\/compress\.js /],
  ["encode", /^worker\/encode\.js /],
  ["text form and counts", /^worker\/(?:mask|text-form|keyed)\.js /],
  ["hand on to another worker", /^worker\/pack\.js /],
  ["verify: equal stays equal", /^(?:worker\/sketch|proof\/(?:sketch|partners))\.js /],
  ["verify: records", /^(?:worker\/(?:prove|counts|record|record-walk)|proof\/[\w-]+)\.js /],
  ["sample what is undecided", /^worker\/(?:sample|tally)\.js /],
  ["decode (around it)", /^worker\/(?:parquet|int96|unfolded|pieces|text\/\w+)\.js /],
  ["hash of the output", /^node:internal\/crypto\/hash /],
  ["read", /^(?:input\/read|store\/[\w-]*read)\.js /],
  ["write", /^(?:output\/upload|store\/[\w-]+)\.js |^ writeBuffer$/],
  ["messages between threads", /^worker\/(?:task|pool|session|flow|release|rooms)\.js /],
  ["messages between threads", /^(?:piscina|node:internal\/(?:worker|per_context\/messageport))|^ postMessage$/],
  ["configure, plan, commit", /^(?:config|policy|input|output|observe|recheck|yaml|zod|picomatch)\//],
];

export const START_UP = "start-up (loading modules)";

/** Loading and compiling modules, whatever it is called by. */
const LOADING = /^node:internal\/(?:modules|bootstrap|main|process\/pre_execution|vm)/;

const MASK_FILES: ReadonlyMap<string, string> = new Map(
  MASKS.map(({ name }) => [`masks/${name}.js`, `mask: ${name}`] as const),
);

/** The stage that a sample belongs to: what the innermost frame that knows says, and a mask for all that it calls. */
export function stageOf({ stack, thread }: Sample): string {
  if (stack.some(({ file }) => LOADING.test(file))) return START_UP;
  const mask = stack.map(({ file }) => MASK_FILES.get(file)).findLast((stage) => stage !== undefined);
  if (mask && thread === "worker") return mask;
  for (const frame of stack) {
    const stage = STAGES.find(([, frames]) => frames.test(`${frame.file} ${frame.name}`));
    if (stage) return stage[0];
  }
  return "everything else";
}

/** Who had modules loaded: the beginning of the innermost file's path; Node itself where none is on the stack. */
export function loaderOf({ stack, thread }: Sample): string {
  const file = stack.find((frame) => frame.file !== "" && !frame.file.startsWith("node:"))?.file;
  if (file !== undefined) return `${file.split("/").slice(0, 2).join("/")} (${thread})`;
  const bootstrap = stack.some((frame) => frame.file.startsWith("node:internal/bootstrap"));
  return `${bootstrap ? "Node's own start" : "Node, linking ES modules"} (${thread})`;
}

/** What ran: a kernel by its name, a pattern, a function with its file. */
export function functionOf({ stack: [frame, caller] }: Sample): string {
  const { name, file } = frame!;
  if (isKernel(frame!)) return `kernel ${kernelName(name)}`;
  if (file === "wasm") return `parquet-wasm ${name.replace("wasm-function", "")}`;
  if (file === "" && name === "") return `native, called by ${caller?.name || "?"} ${caller?.file ?? ""}`.trim();
  return file === "" ? name : `${name || "(anonymous)"} ${file}`;
}

/** The kernels are built with names, parquet-wasm has none. */
export function isKernel({ name, file }: Frame): boolean {
  return file === "wasm" && !name.startsWith("wasm-function");
}

/** `src/kernels/assembly/digest/digestHex` → `digest/digestHex`. */
function kernelName(name: string): string {
  return name.split("/").slice(-2).join("/");
}
