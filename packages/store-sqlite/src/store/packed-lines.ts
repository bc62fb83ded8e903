import { BlockEvent, ByteWriter } from '@vigilant/blocks';
import type { EventLines } from '@vigilant/core';
import type { PageRows, RowEvent, ScanResult } from '@vigilant/core/adapter';
import { toEventJson } from '@vigilant/core/adapter';
import { Transfer } from '../thread/messages';
import type { ScanRequest } from './store-protocol';

/** Expected bytes of a line. */
const LINE_BYTES = 512;

/** Maximum number of bytes for which memory is allocated before they are written. */
const MAX_EXPECTED_BYTES = 1024 * 1024;

/** The events of a page as lines of JSON. */
export class PackedLines implements PageRows<RowEvent> {
  readonly #limit: number;
  readonly #maxBytes: number;
  readonly #writer: ByteWriter;
  #count = 0;

  constructor({ limit, maxBytes }: ScanRequest) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
    // Allocated once, because short-lived memory outside the heap triggers garbage collection.
    this.#writer = new ByteWriter(
      Math.min(limit * LINE_BYTES, maxBytes, MAX_EXPECTED_BYTES) + LINE_BYTES * 16,
    );
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= this.#limit || this.#writer.length >= this.#maxBytes;
  }

  add(event: RowEvent): void {
    if (event instanceof BlockEvent) event.writeLine(this.#writer);
    else this.#writer.bytes(Buffer.from(`${JSON.stringify(toEventJson(event.toStoredEvent()))}\n`));
    this.#count += 1;
  }

  pack(rest: ScanResult): Transfer {
    const lines = this.#writer.written();
    const chunks = lines.length === 0 ? [] : [lines];
    const value: EventLines = { chunks, count: this.#count, ...rest };
    return new Transfer(
      value,
      chunks.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }
}
