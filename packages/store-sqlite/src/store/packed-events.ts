import type { PageRows, RowEvent, ScanResult } from '@vigilant/core/adapter';
import { encodeParts } from '@vigilant/core/adapter';
import { Transfer } from '../thread/messages';
import { packBytes } from '../thread/packing';
import type { PackedPage, ScanRequest } from './store-protocol';

/** The events of a page, encoded. */
export class PackedEvents implements PageRows<RowEvent> {
  readonly #limit: number;
  readonly #maxBytes: number;
  readonly #encoded: Uint8Array[] = [];
  readonly #sequences: number[] = [];
  #bytes = 0;

  constructor({ limit, maxBytes }: ScanRequest) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#encoded.length;
  }

  get isFull(): boolean {
    return this.#encoded.length >= this.#limit || this.#bytes >= this.#maxBytes;
  }

  add(event: RowEvent): void {
    const encoded = encodeParts(event.head, event.dataJson);
    this.#encoded.push(encoded);
    this.#sequences.push(event.sequence);
    this.#bytes += encoded.byteLength;
  }

  pack(rest: ScanResult): Transfer {
    const chunks = packBytes(this.#encoded);
    const value: PackedPage = { chunks, sequences: this.#sequences, ...rest };
    return new Transfer(value, chunks);
  }
}
