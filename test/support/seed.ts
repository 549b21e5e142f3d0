/**
 * Loaded before each test file: with `MASKLINE_TEST_SEED` (a whole number) random input is the same at each start, so that
 * CI says the same of the same commit. Without it each start tries other input; a failure prints its seed in any case.
 */
import fc from "fast-check";

const seed = process.env.MASKLINE_TEST_SEED;
if (seed !== undefined) {
  if (!/^\d+$/.test(seed)) throw new TypeError("MASKLINE_TEST_SEED must be a whole number");
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}
