/** Maximum length of `id`, in characters. */
export const MAX_ID_CHARACTERS = 128;

/** Maximum number of events in one request to a server. */
export const MAX_BATCH_EVENTS = 10_000;

/** Maximum size of `message`, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Maximum length of `origin`, `source`, `type`, `group` and each tag, in code points. */
export const MAX_NAME_CODE_POINTS = 255;

/** Maximum number of different tags of an event. */
export const MAX_TAGS = 64;

/** Maximum depth of objects and arrays in `data`. `data` is the first level. */
export const MAX_DATA_DEPTH = 32;

/** Maximum size of `data`, in bytes of UTF-8 as JSON. */
export const MAX_DATA_BYTES = 256 * 1024;

/** Minimum of `severity`, a 32-bit integer. */
export const MIN_SEVERITY = -(2 ** 31);

/** Maximum of `severity`, a 32-bit integer. */
export const MAX_SEVERITY = 2 ** 31 - 1;

/** Maximum distance of a time from 1970, in milliseconds. */
export const MAX_TIME_MS = 2 ** 43;

/** Maximum distance of a time from 1970, in microseconds. */
export const MAX_TIME_MICROS = MAX_TIME_MS * 1000;
