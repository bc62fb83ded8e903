// Opens the engine of a folder, logs one event, and prints the number of stored events or the error as JSON.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';

const vigilant = createVigilant({ ...sqlite(process.argv[2] ?? ''), onDiagnostic: () => {} });
let result: unknown;
try {
  await vigilant.open();
  await vigilant.log({ message: 'an event' });
  result = { found: (await vigilant.query()).events.length };
} catch (error) {
  const { code, retryable, message, cause } = error as Error & { code?: string; retryable?: boolean };
  result = { code, retryable, message, cause: (cause as Error | undefined)?.message };
}
await vigilant.close();
console.log(JSON.stringify(result));
