import { randomUUID } from 'node:crypto';
import type { DocumentStore } from '../contracts/documents';
import type { Clock } from '../util/clock';

const KIND = 'lease';

/** Assigns a task on a shared store to one process at a time. */
export interface Lease {
  /**
   * Obtains or renews the lease. Returns whether this process holds it.
   *
   * A holder renews it after each third of its duration. A lease that is not renewed for the whole duration, as measured by the
   * process that wants it, is taken over. Clocks of different processes are never compared.
   */
  hold(): Promise<boolean>;
  /** Releases the lease, so that another process can obtain it at once. */
  release(): Promise<void>;
}

/** Dependencies of a lease. */
export interface LeaseParts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** Name of the task. */
  readonly key: string;
  readonly durationMs: number;
}

/** Creates a lease that is not held. Its state is a document of the store. */
export function createLease(parts: LeaseParts): Lease {
  return new DocumentLease(parts);
}

class DocumentLease implements Lease {
  readonly #parts: LeaseParts;
  readonly #holder = randomUUID();
  /** Revision of the document while this process holds the lease. */
  #own: string | undefined;
  /** The lease of another process, and when this revision of it was first read. */
  #other: { readonly revision: string; readonly since: number } | undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  async hold(): Promise<boolean> {
    if (this.#own !== undefined && (await this.#write(this.#own))) return true;
    const found = await this.#parts.documents.get(KIND, this.#parts.key);
    if (found === undefined) return this.#write(null);
    // An earlier write with an unknown outcome has succeeded.
    const isOwn = found.value['holder'] === this.#holder;
    return isOwn || this.#hasExpired(found.revision) ? this.#write(found.revision) : false;
  }

  async release(): Promise<void> {
    const revision = this.#own;
    this.#own = undefined;
    if (revision === undefined) return;
    await this.#parts.documents.delete(KIND, this.#parts.key, { revision });
  }

  /** Returns whether the lease of another process was not renewed for its duration. */
  #hasExpired(revision: string): boolean {
    const now = this.#parts.clock.monotonic();
    if (this.#other?.revision !== revision) this.#other = { revision, since: now };
    return now - this.#other.since >= this.#parts.durationMs;
  }

  async #write(revision: string | null): Promise<boolean> {
    const { documents, key } = this.#parts;
    this.#own = undefined;
    this.#own = await documents.put(KIND, key, { value: { holder: this.#holder } }, { revision });
    return this.#own !== undefined;
  }
}
