/** A delivery that is not committed. */
interface UncommittedDelivery {
  /** The offset after the delivery. */
  readonly next: number;
  /** Timestamp of its oldest record, in milliseconds. */
  readonly timestamp: number;
  isAcknowledged: boolean;
}

/** Tracks the deliveries of a partition, so that an offset is committed only when every delivery before it is acknowledged. */
export interface PartitionDeliveries {
  /** The offset up to which records were delivered; `undefined` until it is known. */
  readonly deliveredThrough: number | undefined;
  /** Timestamp of the oldest unacknowledged record, in milliseconds. */
  readonly oldestTimestamp: number | undefined;
  /** Sets the offset at which the group continues. Ignored after a delivery. */
  startAt(offset: number): void;
  /**
   * Adds a delivery of the records below `next`. Returns a function that acknowledges it and returns the offset to commit,
   * or `undefined` while an earlier delivery is unacknowledged.
   */
  deliver(next: number, timestamp: number): () => number | undefined;
}

/** Creates the deliveries of a partition. */
export function createPartitionDeliveries(): PartitionDeliveries {
  return new OrderedDeliveries();
}

class OrderedDeliveries implements PartitionDeliveries {
  readonly #uncommitted: UncommittedDelivery[] = [];
  #deliveredThrough: number | undefined;

  get deliveredThrough(): number | undefined {
    return this.#deliveredThrough;
  }

  get oldestTimestamp(): number | undefined {
    return this.#uncommitted[0]?.timestamp;
  }

  startAt(offset: number): void {
    this.#deliveredThrough ??= offset;
  }

  deliver(next: number, timestamp: number): () => number | undefined {
    const delivery: UncommittedDelivery = { next, timestamp, isAcknowledged: false };
    this.#uncommitted.push(delivery);
    this.#deliveredThrough = next;
    return () => {
      delivery.isAcknowledged = true;
      let through: number | undefined;
      while (this.#uncommitted[0]?.isAcknowledged === true) through = this.#uncommitted.shift()?.next;
      return through;
    };
  }
}
