import { usageError } from "../errors.ts";
import type { Store, StoreOptions } from "./store.ts";

export function s3Store(_options: StoreOptions): Store {
  throw usageError("opening an S3 store: not built yet; use local files");
}
