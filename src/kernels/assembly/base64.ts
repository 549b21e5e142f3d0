/** Base64, standard alphabet, padded (RFC 4648, section 4). */

/** "A-Za-z0-9+/". */
const ALPHABET = memory.data<u8>([
  65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,97,98,99,100,101,102,
  103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,48,49,50,51,52,53,54,55,56,57,43,47,
]);

// @ts-ignore: decorator
@inline
function letter(bits: u32): u32 {
  return load<u8>(ALPHABET + (bits & 63));
}

/** @returns the position after the text, 0 when it would go past `end` */
export function writeBase64(source: usize, length: usize, out: usize, end: usize): usize {
  if (<u64>(end - out) < ((<u64>length + 2) / 3) * 4) return 0;
  const whole = source + length - (length % 3);
  for (; source < whole; source += 3) {
    const bits = (<u32>load<u8>(source) << 16) | (<u32>load<u8>(source, 1) << 8) | <u32>load<u8>(source, 2);
    store<u32>(out, letter(bits >> 18) | (letter(bits >> 12) << 8) | (letter(bits >> 6) << 16) | (letter(bits) << 24));
    out += 4;
  }
  const rest = length % 3;
  if (rest == 0) return out;
  const bits = (<u32>load<u8>(source) << 16) | (rest == 2 ? <u32>load<u8>(source, 1) << 8 : 0);
  const third: u32 = rest == 2 ? letter(bits >> 6) : 0x3d;
  store<u32>(out, letter(bits >> 18) | (letter(bits >> 12) << 8) | (third << 16) | (0x3d << 24));
  return out + 4;
}
