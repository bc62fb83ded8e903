import type { BinaryParts } from './binary-encoding';
import { maxBinaryBytes, writeBinary, writeU32 } from './binary-encoding';

/** Number of bytes of the size that precedes each event. */
export const FRAME_HEAD_BYTES = 4;

/** Encoded events are small, numerous and short-lived. Allocating them from shared slabs relieves the garbage collector. */
const SLAB_BYTES = 128 * 1024;

/**
 * The memory into which events are encoded one after another, as frames: the size of an event as an unsigned 32-bit integer,
 * little-endian, and the event in version 2.
 */
class EventSlab {
  /** The current slab. */
  bytes = Buffer.alloc(0);
  /** Offset after the last frame. */
  used = 0;

  /** Appends a frame; returns its offset in `bytes`. A large event gets a slab of its own. */
  append(parts: BinaryParts): number {
    const start = this.begin(maxBinaryBytes(parts));
    return this.end(start, writeBinary(this.bytes, start + FRAME_HEAD_BYTES, parts));
  }

  /** Appends a frame with the bytes of an event; returns its offset in `bytes`. */
  copy(event: Uint8Array): number {
    const start = this.begin(event.length);
    this.bytes.set(event, start + FRAME_HEAD_BYTES);
    return this.end(start, start + FRAME_HEAD_BYTES + event.length);
  }

  /**
   * Makes room for a frame without appending it; returns its offset in `bytes`.
   *
   * @param eventBytes - Maximum size of its event.
   */
  begin(eventBytes: number): number {
    const maxBytes = FRAME_HEAD_BYTES + eventBytes;
    if (this.used + maxBytes > this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, maxBytes));
      this.used = 0;
    }
    return this.used;
  }

  /** Appends the frame that was written from `start` to `end`; returns its offset. */
  end(start: number, end: number): number {
    writeU32(this.bytes, start, end - start - FRAME_HEAD_BYTES);
    this.used = end;
    return start;
  }
}

/** The slab of this process. */
export const eventSlab = new EventSlab();
