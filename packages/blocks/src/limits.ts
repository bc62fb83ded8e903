/** Maximum number of events in a block: 20 groups of 256. A batch of 5,000 events is one block. */
export const MAX_ROWS = 5120;

/** Maximum number of items in one column, which may hold several values of each event. */
export const MAX_ITEMS = MAX_ROWS * 64;

/** Maximum number of bytes that one chunk of texts may claim to hold, which is more than a block has. */
export const MAX_TEXT_BYTES = 256 * 1024 * 1024;
