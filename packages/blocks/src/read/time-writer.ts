import { formatTimestamp } from '@vigilant/core';
import { fromMicros } from '@vigilant/core/adapter';
import type { ByteWriter } from '../bytes/byte-writer';

const SECOND = 1_000_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const COLON = 0x3a;
const POINT = 0x2e;
const ZONE = 0x5a;

/** Writes times as `formatTimestamp` formats them. Caches the date, because consecutive events usually have the same one. */
export class TimeWriter {
  #day = NaN;
  #date = Buffer.alloc(0);

  /** @param micros - Integer microseconds since the epoch. */
  write(writer: ByteWriter, micros: number): void {
    const seconds = Math.floor(micros / SECOND);
    const day = Math.floor(seconds / DAY);
    if (day !== this.#day) {
      const text = formatTimestamp(fromMicros(day * DAY * SECOND));
      this.#date = Buffer.from(text.slice(0, text.indexOf('T') + 1));
      this.#day = day;
    }
    const ofDay = seconds - day * DAY;
    writer.range(this.#date, 0, this.#date.length);
    writer.digits(ofDay / HOUR, 2);
    writer.byte(COLON);
    writer.digits((ofDay % HOUR) / MINUTE, 2);
    writer.byte(COLON);
    writer.digits(ofDay % MINUTE, 2);
    writer.byte(POINT);
    writer.digits(micros - seconds * SECOND, 6);
    writer.byte(ZONE);
  }
}
