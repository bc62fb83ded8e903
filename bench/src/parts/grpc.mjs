import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { generate } from '../data-sets.mjs';
import { chunksOf } from '../events.mjs';
import { assertEqual, inFlight, inFolder, repeat, summary } from '../measure.mjs';
import { loadSchema } from '../schema.mjs';
import { SERVER, startServer } from '../server.mjs';

const ECHO = fileURLToPath(new URL('../echo-server.mjs', import.meta.url));

const LEVELS = ['LEVEL_UNSPECIFIED', 'LEVEL_DEBUG', 'LEVEL_INFO', 'LEVEL_WARN', 'LEVEL_ERROR'];
const BATCH = 500;
const SINGLE_SHARE = 0.2;

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
    async stop() {
      client.close();
      await server.stop();
    },
  };
}

/** Makes calls, at most `concurrency` at a time, and returns the events per second. */
async function rate(requests, concurrency, events, call) {
  const started = performance.now();
  await inFlight(requests, concurrency, call);
  return events / ((performance.now() - started) / 1000);
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
  const messages = generate(events).map(toMessage);
  const batches = chunksOf(messages, BATCH).map((chunk) => ({ events: chunk }));
  const singles = messages.slice(0, events * SINGLE_SHARE).map((event) => ({ event }));

  const measure = (program) =>
    repeat(runs, () =>
      inFolder(async (folder) => {
        const server = await start(program, { VIGILANT_DATA: folder, VIGILANT_INTERVAL_MS: '1000' });
        const batch = await rate(batches, 4, events, async (request) => {
          const { accepted } = await server.call('LogEvents', request);
          assertEqual(accepted, request.events.length, 'events accepted');
        });
        const single = await rate(singles, 64, singles.length, (request) => server.call('LogEvent', request));
        await server.stop();
        return { batch, single };
      }),
    );
  const floors = await measure(ECHO);
  const ours = await measure(SERVER);

  const row = (what, pick, target) => {
    const own = summary(ours.map(pick));
    const floor = summary(floors.map(pick));
    const ratio = own.median / floor.median;
    return {
      what,
      durability: 'fsync',
      ours: `${own.median.toFixed(0)} events/s`,
      floor: `F3 ${floor.median.toFixed(0)} events/s`,
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
