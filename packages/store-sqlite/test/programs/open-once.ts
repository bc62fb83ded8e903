// Opens the engine of a folder, logs one event unless the second argument is given, and prints the number of stored events or the
// error as JSON.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';

const folder = process.argv[2] ?? '';
const isReadOnly = process.argv[3] !== undefined;
const vigilant = createVigilant({
  ...(isReadOnly ? sqlite(folder, { readOnly: true }) : sqlite(folder)),
  onDiagnostic: () => {},
});
let result: unknown;
try {
  await vigilant.open();
  if (!isReadOnly) await vigilant.log({ message: 'an event' });
  result = { found: (await vigilant.query()).events.length };
} catch (error) {
  const { code, retryable, message, cause } = error as Error & { code?: string; retryable?: boolean };
  result = { code, retryable, message, cause: (cause as Error | undefined)?.message };
}
await vigilant.close();
console.log(JSON.stringify(result));
