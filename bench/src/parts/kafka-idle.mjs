import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTopic } from '../kafka-floor.mjs';

const PROGRAM = fileURLToPath(new URL('../idle-on-kafka.mjs', import.meta.url));
const IDLE_MS = 30_000;
const MAX_PERCENT = 0.5;
const WHY =
  'The broker sends two or three requests per second: long-polling fetches, heartbeats and, every 10 s, the offsets of topic and group.';

/** Measures the CPU usage of an idle engine in another process. */
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
      target: `≤ ${MAX_PERCENT} %`,
      isMet: percent <= MAX_PERCENT,
      why: WHY,
    },
  ];
}
