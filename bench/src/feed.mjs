import { setTimeout as sleep } from 'node:timers/promises';
import { assertEqual } from './measure.mjs';

const BATCH = 500;
const IN_FLIGHT = 16;
/** A full journal has space again after the next batch of the store. Each try encodes the events again. */
const RETRY_MS = 250;

/** Generates events in chunks of 500 and sends them, with 16 calls in flight. */
export async function feed(chunks, send) {
  const sendRest = async () => {
    for (const chunk of chunks) await send(chunk);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendRest));
}

/** Logs the events of a data set, see its `chunks`. Repeats a call while the broker is full. */
export async function logAll(vigilant, dataSet, total, numberOf) {
  await feed(dataSet.chunks(BATCH, total, numberOf), async (chunk) => {
    for (;;) {
      try {
        const { accepted } = await vigilant.logBatch(chunk);
        assertEqual(accepted, chunk.length, 'events accepted');
        return;
      } catch (error) {
        if (error.code !== 'VIGILANT_BROKER_FULL') throw error;
        await sleep(RETRY_MS);
      }
    }
  });
}

/** Generates the same events and does nothing with them. Its cost is subtracted from that of a measurement. */
export const generateAll = (dataSet) => feed(dataSet.chunks(BATCH), async () => {});
