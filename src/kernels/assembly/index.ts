/** The kernels' exports. Pointers are byte addresses in the exported memory; ../load.ts states their contracts. */
export { heapBase } from "./arena";
export { countValid } from "./bitmap";
export { charBoundaries, countChanged } from "./column";
export { digestHex, hmacStates } from "./digest";
export { encodeRows, encodedBytes, renderText } from "./encode";
export { finiteBits, powersOfTen } from "./float";
export { gatherFixed, gatherText, gatherTextSize } from "./gather";
export { join, split } from "./joined";
export { hasByte } from "./search";
