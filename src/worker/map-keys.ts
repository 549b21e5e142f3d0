import type { Kernels } from "../kernels/load.ts";
import type { MaskContext } from "../masks/mask.ts";
import { columnOf, patched, valuesOf } from "../masks/text.ts";
import type { Column } from "../types.ts";

/**
 * A map whose keys are text. Those that are data themselves (a card number, an address) are numbered within their map, so
 * that none is in it twice.
 */
export function maskKeys(map: Column, judge: MaskContext["judge"], kernels: Kernels): Column {
  if (map.omitted) return map;
  const [keys, items] = map.children as readonly [Column, Column];
  const values = valuesOf(keys, kernels);
  const data: number[] = [];
  for (let entry = 0; entry < keys.length; entry++) {
    const key = values.at(entry);
    if (key !== undefined && judge(key) === "data") data.push(entry);
  }
  if (data.length === 0) return map;
  const ends = kernels.memory.i32(map.offsets, map.length + 1);
  let element = 0;
  let number = 0;
  const names = data.map((entry) => {
    if (entry >= ends[element + 1]!) number = 0;
    while (entry >= ends[element + 1]!) element++;
    return `[NAME ${++number}]`;
  });
  const indices = kernels.memory.put(new Uint8Array(Int32Array.from(data).buffer));
  return { ...map, children: [patched(keys, indices, columnOf(names, kernels), kernels), items] };
}
