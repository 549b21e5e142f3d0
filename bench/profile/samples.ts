import { glob, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** A function on a stack. */
export interface Frame {
  /** As V8 has it: `RegExp: …` for a compiled pattern, `(idle)`, `(program)`, `(garbage collector)`. */
  readonly name: string;
  /** `worker/encode.js`, `piscina/dist/index.js`, `node:fs`; empty for native functions; `wasm` for modules. */
  readonly file: string;
}

/** Time that a thread spent with the innermost frame of a stack running. */
export interface Sample {
  readonly thread: "main" | "worker";
  /** From the innermost frame outwards. */
  readonly stack: readonly Frame[];
  readonly microseconds: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The samples of all threads, from the files that `node --cpu-prof` left: one sum for each distinct stack. */
export async function readSamples(directory: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const name of glob("CPU.*.cpuprofile", { cwd: directory })) {
    // CPU.<day>.<time>.<process>.<thread>.<sequence>.cpuprofile; thread 0 is the main one.
    const thread = name.split(".")[4] === "0" ? "main" : "worker";
    samples.push(...samplesOf(JSON.parse(await readFile(join(directory, name), "utf8")) as CpuProfile, thread));
  }
  if (samples.length === 0) throw new Error("the run left no profile");
  return samples;
}

function samplesOf({ nodes, samples, timeDeltas }: CpuProfile, thread: Sample["thread"]): Sample[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map<number, number>();
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + Math.max(0, timeDeltas[index]!));
  return [...self].map(([id, microseconds]) => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) stack.push(frameOf(byId.get(at)!));
    return { thread, stack, microseconds };
  });
}

function frameOf({ callFrame: { functionName, url } }: ProfileNode): Frame {
  return { name: functionName, file: url.startsWith("wasm:") ? "wasm" : shortened(url) };
}

/** Files of the program from the build's root, those of packages from the package's name. */
function shortened(url: string): string {
  const path = url.split(sep).join("/");
  const packaged = path.lastIndexOf("/node_modules/");
  if (packaged >= 0) return path.slice(packaged + "/node_modules/".length);
  const built = path.lastIndexOf("/dist/");
  return built >= 0 ? path.slice(built + "/dist/".length) : path;
}
