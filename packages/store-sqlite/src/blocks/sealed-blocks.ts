import type { BlockHeader, BlockSummary, PartName, SummaryGroup } from '@vigilant/blocks';
import { Block, DamagedBlockError, decodeSummary, groupBlocks } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { scalar } from '../sqlite/transaction';
import type { StoredBlock, StoredPartName } from './block-table';
import { readHeaders, readPart } from './block-table';
import { Damage } from './damage';

/** Default of the maximum memory of the open blocks, in bytes. */
export const MAX_CACHED_MEMORY = 32 * 1024 * 1024;

/** Share of the maximum memory to which the open blocks are reduced. */
const GOAL_SHARE = 0.9;

/** The first schema version with blocks. */
const FIRST_VERSION = 4;

/** The blocks of a database, as one connection sees them. */
export class SealedBlocks {
  /** Whether the file has tables of blocks. A read-only store also reads files of earlier versions. */
  readonly isSupported: boolean;
  readonly #connection: SqliteConnection;
  readonly #maxMemory: number;
  /** Open blocks by first sequence; the one that was used last comes last. */
  readonly #open = new Map<number, Block>();
  /** Memory of the open blocks, in bytes. */
  #memory = 0;
  /** The damaged parts that were found. */
  readonly damage = new Damage();
  readonly #byFirst = new Map<number, StoredBlock>();
  #headers: readonly StoredBlock[] = [];
  #changed = -1;
  #groups: readonly SummaryGroup[] = [];

  /** @param maxMemory - Maximum memory of the open blocks, in bytes. The block that is used now may exceed it. */
  constructor(connection: SqliteConnection, maxMemory = MAX_CACHED_MEMORY) {
    this.#connection = connection;
    this.#maxMemory = maxMemory;
    this.isSupported = scalar(connection, 'PRAGMA user_version') >= FIRST_VERSION;
  }

  /** The headers at the last `refresh`, in the order of their sequences. */
  get headers(): readonly StoredBlock[] {
    return this.#headers;
  }

  /** Changes when the headers of the blocks with events up to a sequence change. */
  versionOf(asOf: number): string {
    const last = this.#headers.findLast(({ firstSequence }) => firstSequence <= asOf);
    return `${this.#changed} ${last?.firstSequence}`;
  }

  /** Returns the header of the block with this first sequence, or `undefined` if it does not exist. */
  find(firstSequence: number): StoredBlock | undefined {
    return this.#byFirst.get(firstSequence);
  }

  /** Groups some of the blocks. The merged summaries of groups are kept in memory. */
  groupsOf(headers: readonly BlockHeader[]): readonly SummaryGroup[] {
    return (this.#groups = groupBlocks(headers, (header) => this.#readSummary(header), this.#groups));
  }

  /** Reads what has changed since the last call. Must run in the transaction or snapshot that uses the blocks. */
  refresh(): void {
    if (!this.isSupported) return;
    const changed = scalar(this.#connection, 'SELECT blocks_changed FROM store');
    const isSame = changed === this.#changed;
    const added = readHeaders(this.#connection, isSame ? (this.#headers.at(-1)?.firstSequence ?? 0) : 0);
    if (isSame && added.length === 0) return;
    this.#headers = isSame ? [...this.#headers, ...added] : added;
    if (!isSame) this.#byFirst.clear();
    for (const header of added) this.#byFirst.set(header.firstSequence, header);
    this.#changed = changed;
    if (!isSame) this.#forgetChanged();
  }

  /** Opens a block. */
  open(header: BlockHeader): Block {
    const { firstSequence } = header;
    const block = this.#open.get(firstSequence) ?? this.#create(header);
    this.#open.delete(firstSequence);
    this.#open.set(firstSequence, block);
    this.#limitMemory(block);
    return block;
  }

  #create(header: BlockHeader): Block {
    const { firstSequence } = header;
    const block = new Block(header, {
      read: (name) => readPart(this.#connection, firstSequence, name),
      onDamage: (name: PartName, reason: string) => this.#report(header, name, reason),
      onGrow: (bytes) => {
        if (this.#open.get(firstSequence) === block) this.#memory += bytes;
      },
    });
    this.#memory += block.memory;
    return block;
  }

  #readSummary(header: BlockHeader): BlockSummary | undefined {
    const { firstSequence } = header;
    try {
      const bytes = readPart(this.#connection, firstSequence, 'summary');
      // A block may have been pruned since it was listed.
      if (bytes === undefined && this.find(firstSequence) === undefined) return undefined;
      if (bytes === undefined) throw new DamagedBlockError('it is missing');
      const summary = decodeSummary(bytes);
      if (summary.count !== header.count) throw new DamagedBlockError('it describes other events');
      return summary;
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      this.#report(header, 'summary', error.reason);
      return undefined;
    }
  }

  #report({ firstSequence, count }: BlockHeader, name: StoredPartName, reason: string): void {
    const subject = `The ${name} of ${count} events from sequence ${firstSequence}`;
    this.damage.report('block', firstSequence, subject, reason);
  }

  /** Forgets parts of the least recently used blocks. @param used - The block that is used now. */
  #limitMemory(used: Block): void {
    if (this.#memory <= this.#maxMemory) return;
    // Leaves some room, because each pass visits all open blocks.
    const goal = this.#maxMemory * GOAL_SHARE;
    // The next search needs the sets of all blocks.
    const limits = [
      (block: Block) => block.forgetColumns(),
      (block: Block) => block.forgetSets(),
      (block: Block) => this.#close(block),
    ];
    for (const limit of limits)
      for (const block of this.#open.values()) {
        if (this.#memory <= goal) return;
        if (block !== used) limit(block);
      }
  }

  #close({ header: { firstSequence }, memory }: Block): void {
    this.#open.delete(firstSequence);
    this.#memory -= memory;
  }

  /** Closes blocks that were deleted or encoded again, and forgets the damage in deleted ones. */
  #forgetChanged(): void {
    for (const block of this.#open.values())
      if (this.find(block.header.firstSequence)?.count !== block.header.count) this.#close(block);
    this.damage.keep('block', (firstSequence) => this.find(firstSequence) !== undefined);
  }
}

const known = new WeakMap<SqliteConnection, SealedBlocks>();

/** Returns the blocks of a connection. */
export function sealedBlocks(connection: SqliteConnection): SealedBlocks {
  const blocks = known.get(connection) ?? new SealedBlocks(connection);
  known.set(connection, blocks);
  return blocks;
}
