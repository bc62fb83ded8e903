import { VigilantError } from '../util/errors';
import { excerpt } from '../util/text';

const QUOTED = /(?:[^"\\]|\\["\\]?)*/y;
const SPACE = /\s*/y;

/** Reads a text from left to right with sticky expressions. Errors state the position. */
export class Scanner {
  readonly text: string;
  /** In UTF-16 code units. */
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Current character; empty at the end. */
  get char(): string {
    return this.text.charAt(this.position);
  }

  /** Returns the match of an expression at the current position, or `undefined`. */
  peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0];
  }

  /** Returns the match of an expression at the current position and moves past it. */
  take(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    this.position += found?.length ?? 0;
    return found;
  }

  skipSpace(): void {
    this.take(SPACE);
  }

  /**
   * Reads quoted text. A backslash escapes a quote or a backslash, and is literal before any other character.
   *
   * A text with both an escaped and a plain backslash is rejected: a caller who writes `"\\host\share"` means two
   * backslashes at its start, or forgot to double the third.
   */
  takeQuoted(): string {
    const start = this.position;
    this.position++;
    const content = this.take(QUOTED) ?? '';
    if (this.char !== '"') {
      const advice = content.includes('\\"') ? '; \\" is a quote within the text, \\\\ a backslash' : '';
      this.fail(`This quote is not closed: expected another "${advice}`, start);
    }
    const backslashes = [...content.matchAll(/\\["\\]?/g)];
    const plain = backslashes.find(([found]) => found === '\\');
    if (plain !== undefined && backslashes.some(([found]) => found === '\\\\')) {
      const reason =
        'In quotes \\\\ is one backslash, so this backslash is ambiguous; write every backslash twice';
      this.fail(reason, start + 1 + plain.index);
    }
    this.position++;
    return content.replace(/\\(["\\])/g, '$1');
  }

  /**
   * Throws the error for a position.
   *
   * @param limit - The limit that the filter exceeds, if any.
   */
  fail(reason: string, position = this.position, limit?: number): never {
    const message = `${reason} (position ${position}).`;
    const violation = {
      field: 'filter',
      code: limit === undefined ? 'malformed' : 'too_large',
      reason: message,
    };
    const violations = [limit === undefined ? violation : { ...violation, limit }];
    throw new VigilantError('VIGILANT_FILTER_INVALID', message, { position, violations });
  }

  /** Describes the text at the current position for an error message. */
  describe(): string {
    const found = this.peek(/[^\s()"]+|./suy);
    return found === undefined ? 'the end' : `"${excerpt(found)}"`;
  }
}
