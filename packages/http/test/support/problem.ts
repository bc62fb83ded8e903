import { expect } from 'vitest';
import type { TestHandler } from './serve';
import { handle } from './serve';

/** Creates a handler whose limits are small. */
export const createLimited = (): TestHandler => handle({ maxBodyBytes: 100_000, maxTails: 0 });

/** What is wrong with a request: the field and code of each violation, with its limit if there is one. */
export type Faults = readonly (readonly [field: string, code: string, limit?: number | string])[];

/** A response that is a problem. */
export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: Faults;
  readonly reasons: readonly string[];
}

/** Sends a request to a handler, and returns its problem. */
export async function answerTo({ send }: TestHandler, path: string, init?: RequestInit): Promise<Answer> {
  const response = await send(path, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { code, detail, violations } = (await response.json()) as {
    readonly code: string;
    readonly detail: string;
    readonly violations: readonly {
      readonly field: string;
      readonly code: string;
      readonly reason: string;
      readonly limit?: number | string;
    }[];
  };
  const faults = violations.map((each): Faults[number] =>
    each.limit === undefined ? [each.field, each.code] : [each.field, each.code, each.limit],
  );
  return { status: response.status, code, detail, faults, reasons: violations.map(({ reason }) => reason) };
}

/** Checks a problem as a client sees it: it names what the client has sent, and reveals nothing about the server. */
export function check(
  { status, code, detail, faults, reasons }: Answer,
  expected: Faults,
  isStatus = 400,
): void {
  expect({ status, faults }).toEqual({ status: isStatus, faults: expected });
  expect(code).toMatch(/^VIGILANT_(QUERY|FILTER|CURSOR|EVENT)_INVALID$|NOT_|CONFLICT|LIMIT|FORBIDDEN/);
  for (const text of [detail, ...reasons]) {
    expect(text).not.toMatch(/\w\(\)|fields\[|undefined|\[object/);
    expect(text.length).toBeGreaterThan(5);
  }
}

/** Faults of an invalid time range and of an unknown field in a filter. */
export const RANGE = [
  ['since', 'malformed'],
  ['until', 'malformed'],
] as const;
export const FILTER = ['filter', 'malformed'] as const;
