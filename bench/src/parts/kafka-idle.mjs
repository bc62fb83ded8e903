import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTopic } from '../kafka-floor.mjs';

const PROGRAM = fileURLToPath(new URL('../idle-on-kafka.mjs', import.meta.url));
const IDLE_MS = 30_000;
const MOST_PERCENT = 0.5;
const WHY =
  'It makes two to three requests a second: fetches that wait for events, heartbeats, and each 10 s where topic and group stand.';

/** What an engine takes that has nothing to do, in a process of its own. */
export async function kafkaIdle({ kafka: address }) {
  const { stdout } = await onTopic(address, randomUUID(), (topic) =>
    promisify(execFile)(process.execPath, [PROGRAM, address, topic, String(IDLE_MS)]),
  );
  const { percent } = JSON.parse(stdout);
  return [
    {
      what: `idle CPU of an engine on Kafka over ${IDLE_MS / 1000} s`,
      durability: '',
      ours: `${percent.toFixed(2)} % of a core`,
      floor: '',
      ratio: undefined,
      target: `≤ ${MOST_PERCENT} %`,
      isMet: percent <= MOST_PERCENT,
      why: WHY,
    },
  ];
}
