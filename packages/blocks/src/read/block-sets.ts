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

/** The sets of a part, unless they are damaged or of another version, and the memory that they take. */
interface KnownSets {
  readonly value: readonly SearchSets[] | undefined;
  readonly memory: number;
}

/** The sets of a block. Each is read when it is first tested. */
export class BlockSets implements SearchSets {
  readonly #rows: number;
  readonly #read: ReadPart;
  readonly #known = new Map<SetName, KnownSets>();

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
    return this.#sets('trigrams')?.[0]?.trigrams;
  }

  get tokens(): TokenSet | undefined {
    return this.#sets('tokens')?.[0]?.tokens;
  }

  /** Returns the sets of each group of rows, or `undefined` if they are not known. They have no tokens. */
  groups(): readonly SearchSets[] | undefined {
    return this.#sets('groupTrigrams');
  }

  /** Forgets all sets but that of the trigrams of the block, which is small. */
  forgetLarge(): void {
    this.#known.delete('groupTrigrams');
    this.#known.delete('tokens');
  }

  #sets(name: SetName): readonly SearchSets[] | undefined {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.#read(name, (bytes) => decodeSets(name, bytes, setCount(name, this.#rows)));
      this.#known.set(name, known);
    }
    return known.value;
  }
}

function decodeSets(name: SetName, bytes: Uint8Array, count: number): readonly SearchSets[] | undefined {
  return decodeFilters(bytes, count)?.map((filter) =>
    name === 'tokens'
      ? { trigrams: undefined, tokens: new TokenSet(filter) }
      : { trigrams: new TrigramSet(filter), tokens: undefined },
  );
}
