import type { ByteWriter } from '../bytes/byte-writer';
import type { TextTemplates } from './text-column';

/** A decoded column of texts, inside of another column or below `TextColumn`. */
export interface Texts {
  readonly length: number;
  readonly dictionary?: { readonly texts: Texts; readonly indexes: Float64Array };
  readonly templates?: TextTemplates;
  /** Writes one text as UTF-8. @throws {DamagedBlockError} when its bytes are damaged. */
  write(writer: ByteWriter, index: number): void;
}
