/** Runs of bytes of one set in a text column: a pattern that matches no other byte need not see the rest of it. */
export interface IslandFunctions {
  /**
   * The longest runs of bytes of a set, in each value, that are `least` or longer. `members` is 256 bytes, 1 for each
   * byte of the set. To `out`, which has room for most / least times 12 bytes, three int32 for each: the value's index,
   * where it begins, and where it ends, as offsets count.
   *
   * @returns how many they are; -1 when together they have more than `most` bytes
   */
  islands(
    values: number,
    offsets: number,
    length: number,
    members: number,
    least: number,
    most: number,
    out: number,
  ): number;

  /**
   * Copies each island and a byte `separator` behind it to `out`, with the byte before and the byte behind the island
   * where its value has any there that are no separator: room for the islands' bytes and three more for each.
   *
   * @returns bytes written
   */
  joinIslands(values: number, offsets: number, found: number, count: number, separator: number, out: number): number;

  /**
   * The column with other bytes in place of its islands: those of `joined`, which `joinIslands` wrote and which have
   * changed but for the bytes around each island. `out` has room for the column's bytes and the joined ones, and is
   * neither; `outOffsets` gets length + 1 offsets, the first of them 0.
   *
   * @returns bytes written; -1 when there are not as many separators as islands, or bytes follow the last one
   */
  patchIslands(
    values: number,
    offsets: number,
    length: number,
    found: number,
    count: number,
    joined: number,
    byteLength: number,
    separator: number,
    out: number,
    outOffsets: number,
  ): number;
}
