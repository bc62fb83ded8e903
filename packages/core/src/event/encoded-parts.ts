import { VigilantError } from '../util/errors';
import type { Event } from './event';

/** An event without its data. Times are integer microseconds. */
export type EncodedHead = Omit<Event, 'data'>;

/** The parts of an encoded event: its data is JSON that has not been parsed. */
export interface EncodedParts {
  readonly head: EncodedHead;
  readonly dataJson: string;
}

/** Matches characters that UTF-8 writes as more than one byte, in text that was decoded as Latin-1. */
export const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Parses JSON; returns `undefined` when it is damaged. */
export function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Creates the error for damaged bytes, without quoting them. */
export function unreadable(reason: string): VigilantError {
  return new VigilantError('VIGILANT_EVENT_INVALID', `An encoded event cannot be read: ${reason}.`);
}
