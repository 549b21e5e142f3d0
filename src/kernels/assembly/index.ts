/** The kernels' exports. Pointers are byte addresses in the exported memory; ../load.ts states their contracts. */
export { heapBase } from "./arena";
export { countValid } from "./bitmap";
export { canonicalText } from "./canonical";
export { charBoundaries, countChanged } from "./column";
export { digestHex, hmacStates } from "./digest";
export { encodeRows, encodedBytes, renderText } from "./encode";
export { finiteBits, powersOfTen } from "./float";
export { bytePositions, foldText, patchSpans } from "./fold";
export { gatherFixed, gatherText, gatherTextSize, patchText } from "./gather";
export { islands, joinIslands, patchIslands } from "./islands";
export { join, split } from "./joined";
export { memoFind, memoInsert } from "./memo";
export { hasByte, withWindow } from "./search";
export { sketchPairs } from "./sketch";
