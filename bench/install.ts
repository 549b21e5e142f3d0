import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { node } from "./places.ts";

const run = promisify(execFile);
const here = { cwd: import.meta.dirname };

let usable: Promise<boolean> | undefined;

/** Is ClickHouse there and does it answer? Installed where it is missing; says so when it cannot be had. */
export function installClickHouse(): Promise<boolean> {
  usable ??= install().then(
    () => true,
    (error: unknown) => {
      const { stderr, message } = error as { stderr?: string; message: string };
      const lines = (stderr?.trim() || message).split("\n").filter((line) => !line.startsWith("npm warn"));
      console.error(`ClickHouse is left out: installing chdb: ${lines.slice(0, 5).join("\n  ")}`);
      return false;
    },
  );
  return usable;
}

/**
 * Half a gigabyte, by bench's own package.json. That names exact versions and has no lock: a lock would need the
 * libraries of all platforms from a registry that may have this one's only.
 */
async function install(): Promise<void> {
  if (!existsSync(join(import.meta.dirname, "node_modules/chdb/package.json"))) {
    console.error("installing ClickHouse (chdb) into bench/node_modules");
    await run("npm", ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"], here);
  }
  await run(node, ["-e", `require("chdb").query("SELECT 1")`], here);
}
