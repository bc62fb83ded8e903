import { describe, expect, it } from 'vitest';
import type { EventPosition, EventQuery } from '../../src/contracts/query';
import type { StoredEvent } from '../../src/event/event';
import { encodedSize } from '../../src/event/codec';
import { createPageEvents } from '../../src/query/page-events';
import type { ScanSource, ScanWindow, WindowEnd } from '../../src/query/scan-windows';
import { scanWindows } from '../../src/query/scan-windows';
import type { ManualClock } from '../../src/util/clock';
import { createManualClock } from '../../src/util/clock';
import { event } from '../support';

/** A source that offers a number of rows in order of arrival, and records its windows. */
class TestSource implements ScanSource<StoredEvent> {
  readonly clock: ManualClock = createManualClock();
  readonly epoch = 'epoch';
  readonly windows: ScanWindow<StoredEvent>[] = [];
  readonly lastSequence: number;
  isExact = false;
  sizes = { first: 100, last: 400, growth: 2, slowMs: 50 };
  /** Called after each window. */
  onWindow: (count: number) => void | Promise<void> = () => {};

  constructor(count: number) {
    this.lastSequence = count;
  }

  async readWindow(window: ScanWindow<StoredEvent>): Promise<WindowEnd> {
    this.windows.push(window);
    const start = window.after?.sequence ?? 0;
    const end = Math.min(this.lastSequence, start + window.size);
    let sequence = start;
    let isWanted = true;
    while (isWanted && sequence < end) {
      sequence += 1;
      isWanted = sequence > window.asOf || window.offer({ ...SAMPLE, sequence });
    }
    await this.onWindow(this.windows.length);
    const isEnd = sequence === this.lastSequence;
    return { end: isEnd ? undefined : at(sequence), scanned: sequence - start };
  }
}

const SAMPLE = event({ message: 'card declined' });
const NOWHERE = { kind: 'contains', text: 'nowhere' } as const;
const ALL: EventQuery = { filter: { kind: 'all' }, order: 'arrival', limit: 1_000, maxBytes: 1e9 };

const at = (sequence: number): EventPosition => ({ timestamp: 0, sequence });

async function scan(source: TestSource, query: Partial<EventQuery> = {}) {
  const request = { ...ALL, ...query };
  const page = createPageEvents(request);
  return { ...(await scanWindows(request, source, page)), count: page.count };
}

describe('scanWindows', () => {
  it('returns a page of all rows, with the epoch, the last sequence and its cost', async () => {
    const page = await scan(new TestSource(250));
    const statistics = { scanned: 250, elapsedMs: 0 };
    expect(page).toEqual({ complete: true, epoch: 'epoch', asOf: 250, statistics, count: 250 });
  });

  it('checks the rows of a source that is not exact with the matcher', async () => {
    const source = new TestSource(250);
    expect(await scan(source, { filter: NOWHERE })).toMatchObject({ count: 0, complete: true });
    source.isExact = true;
    expect(await scan(source, { filter: NOWHERE })).toMatchObject({ count: 250, complete: true });
  });

  it('marks the page of a filter of a later version as a superset', async () => {
    const filter = { kind: 'later' } as unknown as EventQuery['filter'];
    expect(await scan(new TestSource(3), { filter })).toMatchObject({ superset: true, count: 3 });
  });

  it('ends at the limit and continues after it', async () => {
    const source = new TestSource(250);
    const page = await scan(source, { limit: 10 });
    expect(page).toMatchObject({ count: 10, next: at(10), complete: true });
    expect(await scan(source, { limit: 240, after: at(10) })).toMatchObject({ count: 240, complete: true });
  });

  it.each([
    [0, 3],
    [1, 4],
  ])('ends with the event that reaches the maximum bytes: three events and %i', async (more, count) => {
    const page = await scan(new TestSource(250), { maxBytes: 3 * encodedSize(SAMPLE) + more });
    expect(page).toMatchObject({ count, next: at(count), complete: true });
  });

  it('passes the asOf of the query to the windows', async () => {
    const source = new TestSource(250);
    expect(await scan(source, { asOf: 7 })).toMatchObject({ asOf: 7, count: 7 });
  });

  it('examines more rows in each window, up to the largest', async () => {
    const source = new TestSource(1_500);
    await scan(source, { filter: NOWHERE });
    expect(source.windows.map(({ size }) => size)).toEqual([100, 200, 400, 400, 400]);
  });

  it('examines as many rows as the limit of the page if the filter matches everything', async () => {
    const source = new TestSource(1_000);
    await scan(source, { limit: 7 });
    await scan(source, { limit: 1_000 });
    expect(source.windows.map(({ size, room }) => [size, room])).toEqual([
      [7, 7],
      [400, 1_000],
      [400, 600],
      [400, 200],
    ]);
  });

  it('examines fewer rows after a slow window, but not fewer than 64 because of one', async () => {
    const source = new TestSource(700);
    source.sizes = { first: 200, last: 400, growth: 2, slowMs: 50 };
    source.onWindow = () => source.clock.advance(51);
    await scan(source, { filter: NOWHERE });
    expect(source.windows.map(({ size }) => size).slice(0, 4)).toEqual([200, 100, 64, 64]);
  });

  it('stops after a window at the deadline, and continues without a gap', async () => {
    const source = new TestSource(1_000);
    source.onWindow = () => source.clock.advance(40);
    const page = await scan(source, { filter: NOWHERE, deadlineMs: 80 });
    expect(page).toMatchObject({
      complete: false,
      next: at(300),
      statistics: { scanned: 300, elapsedMs: 80 },
    });
    expect(await scan(source, { after: at(300) })).toMatchObject({ count: 700 });
  });

  it('counts the time since the start of the call', async () => {
    const source = new TestSource(1_000);
    await source.clock.advance(100);
    const early = Object.assign(source, { startedAt: 30 });
    const page = await scan(early, { filter: NOWHERE, deadlineMs: 70 });
    expect(page).toMatchObject({ complete: false, next: at(100), statistics: { elapsedMs: 70 } });
  });

  it('is complete at the deadline if the page is full or no row follows', async () => {
    const source = new TestSource(100);
    expect(await scan(source, { deadlineMs: 0, limit: 10 })).toMatchObject({ complete: true, next: at(10) });
    expect(await scan(source, { deadlineMs: 0 })).toMatchObject({ complete: true, count: 100 });
  });

  it('stops after a window when it is interrupted', async () => {
    const source = new TestSource(1_000);
    const interrupted = Object.assign(source, { isInterrupted: () => source.windows.length === 2 });
    expect(await scan(interrupted, { filter: NOWHERE })).toMatchObject({ complete: false, next: at(300) });
  });

  it('rejects with the reason of a signal before it reads, and after the window in which it is aborted', async () => {
    const source = new TestSource(1_000);
    const reason = new Error('enough');
    await expect(scan(source, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(source.windows).toHaveLength(0);
    const controller = new AbortController();
    source.onWindow = (count) => (count === 2 ? controller.abort(reason) : undefined);
    await expect(scan(source, { filter: NOWHERE, signal: controller.signal })).rejects.toBe(reason);
    expect(source.windows).toHaveLength(2);
  });

  it('ends a window of several steps at the deadline and after an abort', async () => {
    const source = new TestSource(1_000);
    const controller = new AbortController();
    const seen: boolean[] = [];
    source.onWindow = async () => {
      const { shouldEnd } = source.windows.at(-1) as ScanWindow<StoredEvent>;
      seen.push(shouldEnd());
      await source.clock.advance(10);
      seen.push(shouldEnd());
    };
    await scan(source, { filter: NOWHERE, deadlineMs: 10 });
    expect(seen).toEqual([false, true]);
    source.onWindow = () => {
      controller.abort(new Error('enough'));
      seen.push((source.windows.at(-1) as ScanWindow<StoredEvent>).shouldEnd());
    };
    await expect(scan(source, { signal: controller.signal })).rejects.toThrow('enough');
    expect(seen.at(-1)).toBe(true);
  });

  it('yields to other work between windows', async () => {
    const source = new TestSource(1_000);
    let turns = 0;
    source.onWindow = () => void setImmediate(() => (turns += 1));
    await scan(source, { filter: NOWHERE });
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});
