/** The names of the tables of a store, quoted for SQL. */
export interface Tables {
  readonly event: string;
  readonly store: string;
  readonly document: string;
  readonly documentPart: string;
  readonly schema: string;
  /** The readable view. */
  readonly events: string;
  /** Prefix of all names. */
  readonly prefix: string;
}

/** Names the tables of a store. */
export function nameTables(prefix: string): Tables {
  return Object.freeze({
    event: `\`${prefix}event\``,
    store: `\`${prefix}store\``,
    document: `\`${prefix}document\``,
    documentPart: `\`${prefix}document_part\``,
    schema: `\`${prefix}schema\``,
    events: `\`${prefix}events\``,
    prefix,
  });
}
