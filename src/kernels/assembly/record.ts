/** Reading the slots of a node record (see ../node.ts). */
import {
  SLOT_A, SLOT_B, SLOT_CHILDREN, SLOT_CHILD_COUNT, SLOT_KEY, SLOT_KEY_LENGTH, SLOT_KIND, SLOT_OFFSETS, SLOT_QUOTED,
  SLOT_VALIDITY, SLOT_VALUES, NODE_BYTES,
} from "../node";

// @ts-ignore: decorator
@inline
export function kindOf(node: usize): i32 {
  return load<i32>(node, SLOT_KIND * 4);
}

// @ts-ignore: decorator
@inline
export function valuesOf(node: usize): usize {
  return load<usize>(node, SLOT_VALUES * 4);
}

/** Bit i of a bitmap, least significant first. */
// @ts-ignore: decorator
@inline
export function bitAt(bitmap: usize, i: i32): bool {
  return ((load<u8>(bitmap + ((<u32>i) >> 3)) >> (<u8>(i & 7))) & 1) != 0;
}

// @ts-ignore: decorator
@inline
export function isValid(node: usize, i: i32): bool {
  const validity = load<usize>(node, SLOT_VALIDITY * 4);
  return validity == 0 || bitAt(validity, i);
}

/** The offset where element i starts; element i - 1 ends there. */
// @ts-ignore: decorator
@inline
export function offsetAt(node: usize, i: i32): i32 {
  return load<i32>(load<usize>(node, SLOT_OFFSETS * 4) + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
export function keyOf(node: usize): usize {
  return load<usize>(node, SLOT_KEY * 4);
}

// @ts-ignore: decorator
@inline
export function keyLengthOf(node: usize): usize {
  return load<usize>(node, SLOT_KEY_LENGTH * 4);
}

// @ts-ignore: decorator
@inline
export function childrenOf(node: usize): usize {
  return load<usize>(node, SLOT_CHILDREN * 4);
}

/** The address after the last child. */
// @ts-ignore: decorator
@inline
export function childrenEnd(node: usize): usize {
  return childrenOf(node) + load<usize>(node, SLOT_CHILD_COUNT * 4) * NODE_BYTES;
}

// @ts-ignore: decorator
@inline
export function paramA(node: usize): i32 {
  return load<i32>(node, SLOT_A * 4);
}

// @ts-ignore: decorator
@inline
export function paramB(node: usize): i32 {
  return load<i32>(node, SLOT_B * 4);
}

// @ts-ignore: decorator
@inline
export function quotedFlag(node: usize): i32 {
  return load<i32>(node, SLOT_QUOTED * 4);
}
