/** By byte: the value of a lower-case hexadecimal digit, or -1. */
export const HEX_VALUES = hexValues();

function hexValues(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let value = 0; value < 16; value++) values[value.toString(16).charCodeAt(0)] = value;
  return values;
}
