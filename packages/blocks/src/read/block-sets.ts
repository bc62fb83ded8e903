import type { BitFilter } from '../search/bit-filter';
import type { SetName } from '../search/search-sets';
import { decodeFilters, setCount } from '../search/search-sets';
import type { SearchSets } from '../search/set-test';
import { TokenSet } from '../search/token-set';
import { TrigramSet } from '../search/trigram-set';

/** Reads a part, and decodes it unless it is damaged. Returns the memory that it takes, in bytes. */
type ReadPart = <T>(
  name: SetName,
  decode: (bytes: Uint8Array) => T,
) => { value: T | undefined; memory: number };

/** The filters of a part, unless they are damaged or of another version, and the memory that they take. */
interface KnownFilters {
  readonly value: readonly BitFilter[] | undefined;
  readonly memory: number;
}

/** The sets of a block. Each is read when it is first tested. */
export class BlockSets implements SearchSets {
  readonly #rows: number;
  readonly #read: ReadPart;
  readonly #known = new Map<SetName, KnownFilters>();

  /** @param rows - Number of rows of the block. */
  constructor(rows: number, read: ReadPart) {
    this.#rows = rows;
    this.#read = read;
  }

  /** Memory of the sets that were read, in bytes. */
  get memory(): number {
    let memory = 0;
    for (const known of this.#known.values()) memory += known.memory;
    return memory;
  }

  get trigrams(): TrigramSet | undefined {
    const [filter] = this.#filters('trigrams') ?? [];
    return filter && new TrigramSet(filter);
  }

  get tokens(): TokenSet | undefined {
    const [filter] = this.#filters('tokens') ?? [];
    return filter && new TokenSet(filter);
  }

  /** Returns the sets of each group of rows, or `undefined` if they are not known. */
  groups(): readonly SearchSets[] | undefined {
    // The tokens of the block have been tested, and groups have none of their own.
    return this.#filters('groupTrigrams')?.map((filter) => ({
      trigrams: new TrigramSet(filter),
      tokens: undefined,
    }));
  }

  /** Forgets all sets but that of the trigrams of the block, which is small. */
  forgetLarge(): void {
    this.#known.delete('groupTrigrams');
    this.#known.delete('tokens');
  }

  #filters(name: SetName): readonly BitFilter[] | undefined {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.#read(name, (bytes) => decodeFilters(bytes, setCount(name, this.#rows)));
      this.#known.set(name, known);
    }
    return known.value;
  }
}
