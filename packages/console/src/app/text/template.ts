const WORD = '0-9a-z';
/** Text in quotes of one line. A quote between letters, as in `don't`, does not begin or end one. */
const QUOTED = String.raw`"[^"\n]*"|(?<![\w#…])'[^'"\n]*'(?![\w#…])`;
/** Parts that differ between messages of one log statement. Each alternative contains a digit and matches in linear time. */
const VARIABLES = [
  // UUIDs.
  `(?<![${WORD}])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![${WORD}])`,
  // ISO 8601 dates and times.
  String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?`,
  // IPv6 and MAC addresses.
  String.raw`(?<![${WORD}:])(?=[a-f:]{0,39}\d)[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7}(?![${WORD}:])`,
  // Hexadecimal numbers, and ids of letters and digits.
  `0x[0-9a-f]+(?![${WORD}])`,
  String.raw`(?<![${WORD}])(?=[a-f]*\d)[0-9a-f]{8,}(?![${WORD}])`,
  String.raw`(?<![${WORD}])(?=[a-z]*\d)[${WORD}]{16,}(?![${WORD}])`,
  // Numbers, IPv4 addresses and clocks.
  String.raw`\d+(?:[.,:]\d+)*`,
];
const MASKED = new RegExp([QUOTED, ...VARIABLES].join('|'), 'gi');

/**
 * Replaces the parts that usually differ between messages of one log statement: numbers, ids, hexadecimal digits, addresses and
 * times by `#`, and quoted text by `…`. Masking the result again does not change it.
 */
export function maskMessage(message: string): string {
  return message.replace(MASKED, (found) => {
    const quote = found[0] ?? '';
    return quote === '"' || quote === "'" ? `${quote}…${quote}` : '#';
  });
}

/** Returns the texts between the masks of a masked message. Each is part of every message with this mask. */
export function commonTexts(masked: string): readonly string[] {
  return masked
    .split(/#|"…"|'…'/)
    .map((text) => text.trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
}
