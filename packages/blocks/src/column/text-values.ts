import type { ByteWriter } from '../bytes/byte-writer';
import type { Integers } from './integer-values';
import type { TextTemplates } from './text-column';

/** A decoded column of texts, inside another column or below `TextColumn`. */
export interface Texts {
  readonly length: number;
  readonly dictionary?: { readonly texts: Texts; readonly indexes: Integers };
  readonly templates?: TextTemplates;
  /** See `TextColumn.candidates`. */
  readonly candidates?: (texts: ReadonlySet<string>) => readonly number[];
  /** Writes one text as UTF-8. @throws {DamagedBlockError} when its bytes are damaged. */
  write(writer: ByteWriter, index: number): void;
}
