import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Installs ClickHouse (half a gigabyte) by bench's own package.json where it is missing, and says so when it cannot.
 * That file names exact versions and has no lock: a lock would need the libraries of all platforms from a registry
 * that may have this one's only.
 */
export async function installClickHouse(): Promise<boolean> {
  const installed = () => existsSync(join(import.meta.dirname, "node_modules/chdb/package.json"));
  if (installed()) return true;
  console.error("installing ClickHouse (chdb) into bench/node_modules");
  try {
    const options = ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", options, { cwd: import.meta.dirname });
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim() || String(error);
    console.error(`ClickHouse is left out: installing chdb: ${reason}`);
  }
  return installed();
}
