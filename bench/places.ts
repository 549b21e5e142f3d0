import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
export const dataDirectory = join(import.meta.dirname, "data");

/** Of this process, since another one may be measuring too; gone with it. */
export const outDirectory = join(dataDirectory, `out-${process.pid}`);
process.once("exit", () => rmSync(outDirectory, { recursive: true, force: true }));
/** Where the kernel's account of a process is put. */
export const scratch = join(outDirectory, "usage.txt");

/** The Node of the project where it is installed: everyone runs on the same one. */
const local = join(root, "node_modules/.bin/node");
export const node = existsSync(local) ? local : process.execPath;

export const script = (name: string): string => join(import.meta.dirname, "rivals", name);
