const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Returns the 32 hexadecimal digits of a lower-case UUID with hyphens, or `undefined` if the text is not one. */
export function uuidToHex(text: string): string | undefined {
  return text.length === 36 && UUID.test(text) ? text.replaceAll('-', '') : undefined;
}

/** Writes 32 hexadecimal digits as a UUID with hyphens. */
export function hexToUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
