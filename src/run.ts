import type { LoadedConfig } from "./config/load.ts";
import { Hooks } from "./hooks.ts";
import { type Committed, type Masked, type MaskingObserver, type MaskingOptions, maskAndCommit } from "./masking.ts";
import { prepare, type Surroundings } from "./prepare.ts";
import type { TransferObserver } from "./transfer.ts";

export interface RunOptions extends MaskingOptions {
  /** Forget what an earlier try has left to go on with. */
  readonly fresh: boolean;
}

/** Told of the run's steps. */
export interface RunObserver extends MaskingObserver, TransferObserver {
  /** All is where it belongs, before anybody else is told. */
  committed(result: Committed): void;
}

/**
 * The data's path: [Genesys Cloud: schema gate → export →] plan → drift gate → read, mask, encode, upload → verify → commit
 * [→ import → clean] → hooks.
 */
export async function run(
  loaded: LoadedConfig,
  options: RunOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Masked> {
  const { signal } = surroundings;
  const hooks = await Hooks.open(loaded, observer, surroundings);
  const whenCommitted = async (result: Committed) => {
    observer.committed(result);
    await hooks.committed(result, signal);
  };
  try {
    const { genesys } = loaded.config;
    if (genesys) {
      const { transfer } = await import("./transfer.ts");
      return await transfer(loaded, genesys, options, observer, surroundings, whenCommitted);
    }
    await using prepared = await prepare(loaded, observer, surroundings, { writes: true });
    const result = await maskAndCommit(prepared, options, observer, surroundings);
    if (result.state === "committed") await whenCommitted(result);
    return result;
  } catch (error) {
    const untold = await hooks.alert(error);
    if (untold !== undefined) observer.warned(untold);
    throw error;
  }
}
