import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import type { ErrorCode } from '@vigilant/core';
import { within } from './waiting';

/** A call of a method, with its name. */
export type NamedCall = readonly [string, () => Promise<unknown>];

/** Fails unless every call rejects with the code of a closed adapter. */
export async function assertClosed(
  when: string,
  calls: readonly NamedCall[],
  code: ErrorCode,
  patienceMs: number,
): Promise<void> {
  for (const [name, call] of calls) {
    const outcome = call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const error = await within(patienceMs, `${name} ${when}`, outcome);
    assert.ok(
      isVigilantError(error) && error.code === code,
      `${name} ${when} must reject with ${code}, not ${String(error ?? 'resolve')}.`,
    );
  }
}
