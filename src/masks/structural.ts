import { ANY_SCALAR, declareMask } from "./mask.ts";

export const keep = declareMask({
  name: "keep",
  summary: "unchanged, by decision",
  options: () => ({}),
  accepts: ANY_SCALAR,
  action: "keep",
  counts: "changed",
});

export const drop = declareMask({
  name: "drop",
  summary: "the key is absent from the output",
  options: () => ({}),
  accepts: ANY_SCALAR,
  action: "drop",
  counts: "all",
});

export const nullify = declareMask({
  name: "null",
  summary: "JSON null",
  options: () => ({}),
  accepts: ANY_SCALAR,
  action: "null",
  counts: "all",
});
