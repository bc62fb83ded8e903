/** A delivery that is not committed. */
interface Piece {
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
  readonly #pieces: Piece[] = [];
  #deliveredThrough: number | undefined;

  get deliveredThrough(): number | undefined {
    return this.#deliveredThrough;
  }

  get oldestTimestamp(): number | undefined {
    return this.#pieces[0]?.timestamp;
  }

  startAt(offset: number): void {
    this.#deliveredThrough ??= offset;
  }

  deliver(next: number, timestamp: number): () => number | undefined {
    const piece: Piece = { next, timestamp, isAcknowledged: false };
    this.#pieces.push(piece);
    this.#deliveredThrough = next;
    return () => {
      piece.isAcknowledged = true;
      let through: number | undefined;
      while (this.#pieces[0]?.isAcknowledged === true) through = this.#pieces.shift()?.next;
      return through;
    };
  }
}
