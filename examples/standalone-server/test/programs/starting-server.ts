// A server whose store is open only after the signal that stops the server.
import { createMemoryStore, createVigilant } from '@vigilant/core';
import { once } from 'node:events';
import { serve } from '../../src/run';
import { readSettings } from '../../src/settings';
import { stopOnSignals } from '../../src/stop';

const running = stopOnSignals();
const timer = setInterval(() => {}, 1_000);
const store = Object.assign(createMemoryStore(), {
  async open() {
    console.log('gRPC none\n\ntry');
    await once(process, 'SIGTERM');
    clearInterval(timer);
  },
});
await serve(running, readSettings({}), createVigilant({ store }));
