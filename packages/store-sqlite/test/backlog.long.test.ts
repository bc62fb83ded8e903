import { spawnSync } from 'node:child_process';
import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { createIdGenerator } from '@vigilant/core/adapter';
import { expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createSqliteBroker } from '../src/index';
import { createFolder } from './support/folder';

const EVENTS = 1_000_000;
const BATCH = 500;

it('stores a backlog of a million events with a heap of 256 MiB, and accepts new events meanwhile', async () => {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const broker = createSqliteBroker(folder.file('journal.db'));
  await broker.open(createTestContext());
  const newId = createIdGenerator(Date.now);
  const now = Date.now();
  const createEvent = (n: number): Event => ({
    id: newId(),
    message: `event ${n} of a backlog`,
    level: 'INFO',
    severity: 0,
    timestamp: now,
    receivedAt: now,
    origin: 'host',
    source: 'backlog',
    type: 'event',
    group: '',
    tags: [],
    data: { n },
  });
  for (let start = 0; start < EVENTS; start += BATCH)
    await broker.publish(Array.from({ length: BATCH }, (_, index) => createEvent(start + index)));
  expect(broker.status().pendingEvents).toBe(EVENTS);
  await broker.close();

  const program = await bundleProgram('packages/store-sqlite/test/programs/drain.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=256', program, folder.path], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  console.log(`a backlog of ${EVENTS}: ${stdout}`);
  expect(JSON.parse(stdout)).toMatchObject({ events: EVENTS + 1, left: 0, lost: 0 });
}, 900_000);
