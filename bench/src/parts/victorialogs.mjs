import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSet } from '../data-sets.mjs';
import { assertEqual, inFlight, inFolder, percentile, repeatedly, treeBytes } from '../measure.mjs';
import { createQuestions } from '../questions.mjs';
import { format, formatCount } from '../rows.mjs';
import { startVictoriaLogs } from '../victorialogs.mjs';

const BATCH = 5_000;
const CONNECTIONS = 4;
/** Events whose requests are prepared in memory at once. */
const SLICE = 1_000_000;
const LINES = { _stream_fields: 'origin,source', _msg_field: 'message', _time_field: 'timestamp' };
const PER_SECOND = 5_000;
const TICK_MS = 50;

/** Asks VictoriaLogs the same questions about the same events, if VIGILANT_BENCH_VICTORIALOGS is the path of its binary. */
export async function victorialogs({ sizes }) {
  const binary = process.env.VIGILANT_BENCH_VICTORIALOGS;
  if (binary === undefined)
    return [{ what: 'VictoriaLogs', skipped: 'VIGILANT_BENCH_VICTORIALOGS is not the path of its binary.' }];
  const rows = [];
  for (const count of sizes) rows.push(...(await inFolder((folder) => measure(binary, folder, count))));
  return rows;
}

async function measure(binary, folder, count) {
  const server = await startVictoriaLogs(binary, folder);
  try {
    const of = (key, what, text) => ({
      key: `${key} ${count}`,
      what: `${what}, ${formatCount(count)}`,
      beside: text,
    });
    const dataSet = createDataSet({ count });
    const ingested = await ingest(server, dataSet);
    const bytes = treeBytes(folder) / count;
    const alone = await askAll(server);
    const exported = await exportAll(server, count);
    const feed = startFeed(server, dataSet);
    const busy = await askAll(server);
    await feed.stop();
    const { seconds, accepted, merged } = ingested;
    return [
      of('rate', 'ingest', `${format(count / seconds)} events/s, durable seconds later`),
      of(
        'cpu',
        'CPU',
        `${format(accepted, 1)} s per million until accepted, ${format(merged, 1)} until merged`,
      ),
      of('bytes', 'bytes on disk', `${format(bytes, 1)} B per event`),
      ...alone.map(({ key, what, calls }, n) => of(key, what, times(calls, busy[n].calls))),
      of('export', 'export', `${format(count / exported)} events/s`),
      of('memory', 'peak resident memory', `${format(server.peakRss() / 1e6)} MB`),
    ];
  } finally {
    await server.stop();
  }
}

const toLines = (inputs) => Buffer.from(inputs.map((input) => `${JSON.stringify(input)}\n`).join(''));
const post = (server, body) => server.call('/insert/jsonline', LINES, body);

/** Sends all events. The preparation of the requests is not measured. */
async function ingest(server, dataSet) {
  const { count } = dataSet;
  const before = server.cpuSeconds();
  let seconds = 0;
  let slice = [];
  const send = async () => {
    const started = performance.now();
    await inFlight(slice, CONNECTIONS, (body) => post(server, body));
    seconds += (performance.now() - started) / 1000;
    slice = [];
  };
  for (const inputs of dataSet.chunks(BATCH)) {
    slice.push(toLines(inputs));
    if (slice.length * BATCH >= SLICE) await send();
  }
  await send();
  const perMillion = () => ((server.cpuSeconds() - before) / count) * 1e6;
  const accepted = perMillion();
  await server.call('/internal/force_flush', {});
  await server.idle();
  const stored = await server.call('/select/logsql/query', { query: '* | count()' });
  assertEqual(Number(Object.values(JSON.parse(stored))[0]), count, 'events stored by VictoriaLogs');
  return { seconds, accepted, merged: perMillion() };
}

async function askAll(server) {
  const answers = [];
  for (const { key, what, logsql } of createQuestions()) {
    if (logsql(0) === undefined) continue;
    const calls = await repeatedly((n) => {
      const { path, parameters } = logsql(n);
      return server.call(`/select/logsql/${path}`, parameters);
    });
    answers.push({ key, what, calls });
  }
  return answers;
}

/** Reads all events and returns the seconds. */
async function exportAll(server, count) {
  const started = performance.now();
  const text = await server.call('/select/logsql/query', { query: '*' });
  const seconds = (performance.now() - started) / 1000;
  assertEqual(text.split('\n').length - 1, count, 'events exported by VictoriaLogs');
  return seconds;
}

/** Sends events at a constant rate until it is stopped. */
function startFeed(server, dataSet) {
  let isStopped = false;
  const run = async () => {
    for (const inputs of dataSet.chunks((PER_SECOND * TICK_MS) / 1000, Infinity)) {
      const next = sleep(TICK_MS);
      await post(server, toLines(inputs));
      await next;
      if (isStopped) return;
    }
  };
  const running = run();
  return {
    stop() {
      isStopped = true;
      return running;
    },
  };
}

function times(calls, busy) {
  const at = (list, share) => format(percentile(list.times, share), 1);
  return `${at(calls, 0.5)} ms (p99 ${at(calls, 0.99)}, first ${format(calls.first, 1)}; while writing ${at(busy, 0.5)}, p99 ${at(busy, 0.99)})`;
}
