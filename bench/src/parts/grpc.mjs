import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { generate } from '../data-sets.mjs';
import { chunksOf } from '../events.mjs';
import { assertEqual, inFlight, inFolder, repeat, summary } from '../measure.mjs';
import { cpuSecondsOf } from '../process-usage.mjs';
import { loadSchema } from '../schema.mjs';
import { SERVER, startServer } from '../server.mjs';

const ECHO = fileURLToPath(new URL('../echo-server.mjs', import.meta.url));

const LEVELS = ['LEVEL_UNSPECIFIED', 'LEVEL_DEBUG', 'LEVEL_INFO', 'LEVEL_WARN', 'LEVEL_ERROR'];
const BATCH = 500;
const SINGLE_SHARE = 0.2;

/** Events that precede the measured ones. Until then, a server spends most of its time compiling its program. */
const MAX_WARM_UP = 50_000;

/** Starts a server and connects a client to it. */
async function start(program, env) {
  const server = await startServer(program, env);
  const { EventService } = loadPackageDefinition(loadSchema()).vigilant.v1;
  const client = new EventService(server.address, credentials.createInsecure());
  return {
    call: (method, request) =>
      new Promise((resolve, reject) =>
        client[method](request, (error, response) => (error ? reject(error) : resolve(response))),
      ),
    cpuSeconds: () => cpuSecondsOf(server.pid),
    async stop() {
      client.close();
      await server.stop();
    },
  };
}

/** Makes calls, at most `concurrency` at a time. Returns the events per second and the CPU time of the server per event. */
async function rate(server, requests, concurrency, events, call) {
  const cpu = server.cpuSeconds();
  const started = performance.now();
  await inFlight(requests, concurrency, call);
  const seconds = (performance.now() - started) / 1000;
  return { rate: events / seconds, cpuMicros: ((server.cpuSeconds() - cpu) / events) * 1e6 };
}

function toMessage(input) {
  const { timestamp, level, data, ...rest } = input;
  const seconds = Math.floor(timestamp / 1000);
  return {
    ...rest,
    level: LEVELS.find((name) => name.endsWith(`_${level}`)),
    timestamp: { seconds, nanos: Math.round((timestamp - seconds * 1000) * 1e6) },
    dataJson: Buffer.from(JSON.stringify(data)),
  };
}

/** Compares the standalone server, which is durable, with F3: the same calls to a server that does nothing. */
export async function grpc({ events, runs }) {
  const warmUp = Math.min(events, MAX_WARM_UP);
  const messages = generate(warmUp + events).map(toMessage);
  const toBatches = (some) => chunksOf(some, BATCH).map((chunk) => ({ events: chunk }));
  const warmUpBatches = toBatches(messages.slice(0, warmUp));
  const batches = toBatches(messages.slice(warmUp));
  const singles = messages.slice(warmUp, warmUp + events * SINGLE_SHARE).map((event) => ({ event }));

  const measure = (program) =>
    repeat(runs, () =>
      inFolder(async (folder) => {
        const server = await start(program, { VIGILANT_DATA: folder, VIGILANT_INTERVAL_MS: '1000' });
        const logBatch = async (request) => {
          const { accepted } = await server.call('LogEvents', request);
          assertEqual(accepted, request.events.length, 'events accepted');
        };
        const logOne = (request) => server.call('LogEvent', request);
        await inFlight(warmUpBatches, 4, logBatch);
        const batch = await rate(server, batches, 4, events, logBatch);
        const single = await rate(server, singles, 64, singles.length, logOne);
        await server.stop();
        return { batch, single };
      }),
    );
  const floors = await measure(ECHO);
  const ours = await measure(SERVER);

  const row = (what, pick, target) => {
    const own = summary(ours.map((run) => pick(run).rate));
    const floor = summary(floors.map((run) => pick(run).rate));
    const cpu = (results) => summary(results.map((run) => pick(run).cpuMicros)).median.toFixed(0);
    const ratio = own.median / floor.median;
    return {
      what,
      durability: 'fsync',
      ours: `${own.median.toFixed(0)} events/s, ${cpu(ours)} µs of CPU each`,
      floor: `F3 ${floor.median.toFixed(0)} events/s, ${cpu(floors)} µs of CPU each`,
      ratio,
      target: `≥ ${target}`,
      isMet: ratio >= target,
      spread: { ours: own, floor },
    };
  };
  return [
    row('gRPC `LogEvents` of 500, 4 in flight', ({ batch }) => batch, 0.5),
    row('gRPC `LogEvent`, 64 in flight', ({ single }) => single, 0.8),
  ];
}
