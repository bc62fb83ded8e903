import type { PageRows, RowEvent, ScanResult } from '@vigilant/core/adapter';
import { createEventEncoder } from '@vigilant/core/adapter';
import { Transfer } from '../thread/messages';
import { packEncoded } from '../thread/packing';
import type { PackedPage, ScanRequest } from './store-protocol';

/** The events of a page, encoded. */
export class PackedEvents implements PageRows<RowEvent> {
  readonly #limit: number;
  readonly #maxBytes: number;
  readonly #encoder = createEventEncoder();
  readonly #sequences: number[] = [];
  #bytes = 0;

  constructor({ limit, maxBytes }: ScanRequest) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#sequences.length;
  }

  get isFull(): boolean {
    return this.#sequences.length >= this.#limit || this.#bytes >= this.#maxBytes;
  }

  add(event: RowEvent): void {
    this.#bytes += this.#encoder.addRow(event.toRow());
    this.#sequences.push(event.sequence);
  }

  pack(rest: ScanResult): Transfer {
    const chunks = packEncoded(this.#encoder.finish());
    const value: PackedPage = { chunks, sequences: this.#sequences, ...rest };
    return new Transfer(value, chunks);
  }
}
