// Opens a store on a loopback port, and closes it when the parent process sends a message.
import { createVigilant } from '@vigilant/core';
import { createMysqlStore } from '@vigilant/store-mysql';

const port = Number(process.argv[2]);
const store = createMysqlStore({ port, connectTimeoutMs: 600_000, tls: process.argv[3] === 'tls' });
const vigilant = createVigilant({ store, graceMs: 200 });
void vigilant.open().catch(() => {});
process.once('message', () => {
  process.disconnect();
  void vigilant.close();
});
