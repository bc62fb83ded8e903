/** What contains a damaged part: a block by its first sequence, or a run of ids by its number. */
export type DamageOwner = 'block' | 'run';

interface DamagedPart {
  readonly owner: DamageOwner;
  readonly number: number;
  readonly message: string;
}

/** The damaged parts that a connection has found, until the block or run that contains them is deleted. */
export class Damage {
  readonly #parts = new Map<string, DamagedPart>();

  /** Records a damaged part. @param subject - For example `The message of 16 events from sequence 17`. */
  report(owner: DamageOwner, number: number, subject: string, reason: string): void {
    this.#parts.set(`${owner} ${number} ${subject}`, {
      owner,
      number,
      message: `${subject} cannot be read: ${reason}.`,
    });
  }

  /** Forgets the damaged parts of blocks or runs that no longer exist. */
  keep(owner: DamageOwner, exists: (number: number) => boolean): void {
    for (const [key, part] of this.#parts)
      if (part.owner === owner && !exists(part.number)) this.#parts.delete(key);
  }

  /** Whether a run of ids is damaged. */
  get hasRuns(): boolean {
    return [...this.#parts.values()].some(({ owner }) => owner === 'run');
  }

  /** Describes the damaged parts; `undefined` if there are none. */
  get message(): string | undefined {
    const [first, ...others] = this.#parts.values();
    if (first === undefined || others.length === 0) return first?.message;
    return `${first.message} The same is true of ${others.length} other parts.`;
  }
}
