import { expect, it } from 'vitest';
import { createIdGenerator } from '../../src/event/id';

it('creates ascending UUIDs of version 7, even if the clock stands still or steps back', () => {
  let now = 1_700_000_000_000;
  const next = createIdGenerator(() => now);
  let last = '';
  for (let n = 0; n < 50_000; n += 1) {
    if (n % 1_000 === 0) now += n % 3_000 === 0 ? -5 : 1;
    const id = next();
    expect(id > last).toBe(true);
    last = id;
  }
  expect(last).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(parseInt(last.slice(0, 13).replace('-', ''), 16)).toBeGreaterThanOrEqual(1_700_000_000_000);
});
