import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestContext } from '@vigilant/conformance';
import type { Broker } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { FIXTURE_EVENTS } from './fixtures/events';
import { fillDisk, mountDisk } from './support/disk';

const MIB = 1024 * 1024;
const EVENTS = FIXTURE_EVENTS.slice(0, 1).map((event) => ({ ...event, message: 'm'.repeat(60_000) }));

async function openBroker(path: string): Promise<Broker> {
  const broker = createSqliteBroker(path);
  await broker.open(createTestContext());
  onTestFinished(() => broker.close());
  return broker;
}

describe('SqliteBroker on a full disk', () => {
  it('is ready again without a publish once there is space', async (context) => {
    const disk = mountDisk(64);
    if (disk === undefined) return context.skip();
    const broker = await openBroker(join(disk, 'journal.db'));
    writeFileSync(join(disk, 'other'), Buffer.alloc(48 * MIB));
    let refusal: unknown;
    while (refusal === undefined) await broker.publish(EVENTS).catch((error: unknown) => (refusal = error));
    expect(refusal).toMatchObject({ code: 'VIGILANT_BROKER_FULL' });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(broker.status()).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/disk .* is full/) as string,
    });
    rmSync(join(disk, 'other'));
    await expect.poll(() => broker.status().state, { timeout: 20_000 }).toBe('ready');
    await broker.publish(EVENTS);
  }, 30_000);

  it('accepts events again in the space of acknowledged ones', async (context) => {
    const disk = mountDisk(40);
    if (disk === undefined) return context.skip();
    const broker = await openBroker(join(disk, 'journal.db'));
    while (broker.status().state === 'ready') await broker.publish(EVENTS).catch(() => {});
    await acknowledgeAll(broker);
    await expect.poll(() => broker.status().state, { timeout: 20_000 }).toBe('ready');
    await broker.publish(EVENTS);
  }, 30_000);

  it('opens, delivers and acknowledges its events', async (context) => {
    const disk = mountDisk(32);
    if (disk === undefined) return context.skip();
    const before = await openBroker(join(disk, 'journal.db'));
    for (let n = 0; n < 100; n += 1) await before.publish(EVENTS);
    await before.close();
    fillDisk(disk);
    const broker = await openBroker(join(disk, 'journal.db'));
    expect(broker.status().pendingEvents).toBe(100);
    await acknowledgeAll(broker);
    expect(broker.status().pendingEvents).toBe(0);
  }, 30_000);

  it('acknowledges the events of a small journal', async (context) => {
    const disk = mountDisk(16);
    if (disk === undefined) return context.skip();
    const broker = await openBroker(join(disk, 'journal.db'));
    for (let n = 0; n < 10; n += 1) await broker.publish(FIXTURE_EVENTS);
    fillDisk(disk);
    await acknowledgeAll(broker);
    expect(broker.status().pendingEvents).toBe(0);
  }, 30_000);
});

describe('SqliteStore on a full disk', () => {
  it('prunes a small store', async (context) => {
    const disk = mountDisk(16);
    if (disk === undefined) return context.skip();
    const store = createSqliteStore(join(disk, 'events.db'));
    await store.open(createTestContext());
    onTestFinished(() => store.close());
    await store.append(FIXTURE_EVENTS);
    fillDisk(disk);
    const policy = { maxEvents: 1, signal: new AbortController().signal };
    const { deleted } = (await store.prune?.(policy)) ?? {};
    expect(deleted).toBe(FIXTURE_EVENTS.length - 1);
    expect(await store.status()).toMatchObject({ events: 1 });
  }, 30_000);
});

async function acknowledgeAll(broker: Broker): Promise<void> {
  for await (const { ack } of broker.consume({ signal: new AbortController().signal })) {
    await ack();
    if (broker.status().pendingEvents === 0) break;
  }
}
