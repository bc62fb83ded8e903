/** Number of consecutive ids for which the clock is read once. */
const RUN = 1_000;
/** Number of ids with the same millisecond. */
const PER_MS = 100;

/** Kinds of ids. Each creates a function that returns the id of event `n`, the same each time. */
export const ID_KINDS = {
  /** UUIDv7s with the time at which the event was first generated, as a sender creates them. */
  v7: () => {
    const times = [];
    return (n, random) => {
      const run = Math.floor(n / RUN);
      times[run] ??= Date.now();
      const time = (times[run] + Math.floor((n % RUN) / PER_MS)).toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
    };
  },
  v4: () => (n, random) => random.uuid(),
  integer: () => (n) => String(n + 1),
};
