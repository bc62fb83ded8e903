/** What was handed over of a partition and is not finished. */
interface Piece {
  readonly next: number;
  /** Of its oldest record, in milliseconds. */
  readonly timestamp: number;
  isFinished: boolean;
}

/** Follows what is handed over of a partition, so that only a run without gaps is ever committed. */
export interface PartitionRun {
  /** Everything below was handed over; `undefined` while that is not known. */
  readonly handedOver: number | undefined;
  /** The time of the oldest record that is not finished, in milliseconds. */
  readonly oldest: number | undefined;
  /** Nothing before this offset is of interest. */
  startAt(offset: number): void;
  /** Hands over everything up to `next`, exclusive; the result finishes it, and tells how far the finished run goes then. */
  handOver(next: number, timestamp: number): () => number | undefined;
}

/** Creates the run of a partition. */
export function createPartitionRun(): PartitionRun {
  const pieces: Piece[] = [];
  let handedOver: number | undefined;
  return {
    get handedOver() {
      return handedOver;
    },
    get oldest() {
      return pieces[0]?.timestamp;
    },
    startAt(offset) {
      handedOver ??= offset;
    },
    handOver(next, timestamp) {
      const piece: Piece = { next, timestamp, isFinished: false };
      pieces.push(piece);
      handedOver = next;
      return () => {
        piece.isFinished = true;
        let through: number | undefined;
        while (pieces[0]?.isFinished === true) through = pieces.shift()?.next;
        return through;
      };
    },
  };
}
