import { VigilantError } from '@vigilant/core';

/** A response that continues until the client or the server ends it. */
export interface OpenStream {
  /** Ends the response with an error. */
  end(error: VigilantError): void;
}

/** The open streams of a handler. */
export interface OpenStreams {
  readonly size: number;
  /** @throws {VigilantError} `VIGILANT_LIMIT_REACHED` */
  add(stream: OpenStream): void;
  delete(stream: OpenStream): void;
  endAll(error: VigilantError): void;
}

/** Recommended pause before another attempt to open a stream, in milliseconds. */
const RETRY_MS = 5_000;

/** Creates the set of open streams. */
export function createOpenStreams(maxStreams: number): OpenStreams {
  return new StreamSet(maxStreams);
}

class StreamSet implements OpenStreams {
  readonly #maxStreams: number;
  readonly #streams = new Set<OpenStream>();

  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  get size(): number {
    return this.#streams.size;
  }

  add(stream: OpenStream): void {
    const limit = this.#maxStreams;
    if (this.#streams.size >= limit) {
      const reason = `the server has as many open tails as it allows (maxTails: ${limit}); close a tail or try again later`;
      throw new VigilantError('VIGILANT_LIMIT_REACHED', `tails: ${reason}`, {
        retryAfterMs: RETRY_MS,
        violations: [{ field: 'tails', code: 'too_many', reason, limit }],
      });
    }
    this.#streams.add(stream);
  }

  delete(stream: OpenStream): void {
    this.#streams.delete(stream);
  }

  endAll(error: VigilantError): void {
    for (const stream of [...this.#streams]) stream.end(error);
  }
}
