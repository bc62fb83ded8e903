/** A message of a server-sent event stream. */
export interface SseMessage {
  /** `message` if the stream does not name it. */
  readonly event: string;
  readonly data: string;
  /** Last id of the stream so far. */
  readonly id: string;
}

/**
 * Parses a server-sent event stream. Chunks may end anywhere.
 *
 * Follows the WHATWG specification, except for `retry`, which is ignored.
 */
export class SseParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id = '';
  #isStart = true;

  /** Returns the messages that a chunk completes. */
  push(chunk: string): SseMessage[] {
    let text = this.#rest + chunk;
    if (this.#isStart && text !== '') {
      this.#isStart = false;
      text = text.replace(/^\ufeff/, '');
    }
    // A CR at the end may be the first half of a CRLF.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): SseMessage | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#event = value;
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    return undefined;
  }

  #dispatch(): SseMessage | undefined {
    const data = this.#data;
    const event = this.#event || 'message';
    this.#data = [];
    this.#event = '';
    return data.length === 0 ? undefined : { event, data: data.join('\n'), id: this.#id };
  }
}
