/** A real browser for tests of pages: Debian's Chromium, driven by playwright-core. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Why tests of pages are skipped where `startBrowser()` gives null. */
export const BROWSER_SKIPPED = "no browser: apt-get install chromium, or name one in MASKLINE_TEST_BROWSER";

/** @returns null when there is none to be had; in CI (`CI=true`) that is an error */
export async function startBrowser(): Promise<Browser | null> {
  const folders = (process.env.PATH ?? "").split(":").concat("/usr/bin");
  const programs = folders.flatMap((folder) => ["chromium", "chromium-browser"].map((name) => `${folder}/${name}`));
  const executablePath = process.env.MASKLINE_TEST_BROWSER ?? programs.find((program) => existsSync(program));
  if (executablePath) return await chromium.launch({ executablePath });
  if (process.env.CI === "true") throw new Error(BROWSER_SKIPPED);
  return null;
}
