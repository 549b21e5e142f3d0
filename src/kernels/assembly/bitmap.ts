/** Set bits among the first `length` of a validity bitmap; all of them when there is no bitmap (0). */
export function countValid(validity: usize, length: i32): i32 {
  if (validity == 0) return length;
  let count: i64 = 0;
  const words = length >> 6;
  for (let w = 0; w < words; w++, validity += 8) count += popcnt<i64>(load<i64>(validity));
  for (let left = length & 63; left > 0; left -= 8, validity++) {
    const byte = <u32>load<u8>(validity);
    count += <i64>popcnt<u32>(left < 8 ? byte & (((<u32>1) << left) - 1) : byte);
  }
  return <i32>count;
}
