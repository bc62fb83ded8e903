import type { EventRow } from '@vigilant/core/adapter';

/** An event as a row of a block. All texts are well-formed. */
export interface BlockRow extends EventRow {
  readonly sequence: number;
}

/** The fields that are integers. */
export type IntegerName = {
  [Name in keyof BlockRow]: BlockRow[Name] extends number ? Name : never;
}[keyof BlockRow];

/** The fields that are texts. */
export type TextName = Exclude<keyof BlockRow, IntegerName>;
