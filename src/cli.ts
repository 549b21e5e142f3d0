#!/usr/bin/env node
import * as module from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

// A run makes little garbage that lives: a young generation that grows takes memory, 10 % of all on long runs, and no less time.
setFlagsFromString("--semi-space-growth-factor=1");
// Memory that goes from thread to thread counts as each one's growth. With a limit of twice what is alive, the main thread collects 20
// to 40 times while it hands on 3 GB; with two and a half times, twice.
setFlagsFromString("--heap-growing-percent=150");

// A fifth of a short run is compiling what it is made of: what V8 made of it is kept beside the packages, where nobody may
// write who could not change them as well. Workers find the place in the environment. Node's own
// NODE_COMPILE_CACHE=directory moves it, NODE_DISABLE_COMPILE_CACHE=1 turns it off.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../node_modules/.cache/maskline");
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

await import("./main.ts");
