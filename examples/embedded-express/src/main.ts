// An Express app with its event monitor inside: PORT=3000 SHOP_PASSWORD=secret npm start
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { createExpressApp } from './express-app';
import { createSessions } from './sessions';
import { stop } from './stop';

const { PORT = '3000', SHOP_PASSWORD, VIGILANT_DATA = './data/shop' } = process.env;
if (!SHOP_PASSWORD) throw new Error('Set SHOP_PASSWORD to the password of the operators.');

const vigilant = createVigilant({ ...sqlite(VIGILANT_DATA), defaults: { source: 'shop' } });
const { app, events } = createExpressApp(vigilant, createSessions(SHOP_PASSWORD));
const server = app.listen(Number(PORT), '127.0.0.1');
server.once('listening', () => {
  const { port } = server.address() as { port: number };
  console.log(`shop    http://127.0.0.1:${port}/`);
  console.log(`events  http://127.0.0.1:${port}/ops/events/ (log in at /login first)`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void stop({ server, events, vigilant }).then(({ stored, left }) =>
      console.log(`stopped; ${stored} stored, ${left} left`),
    );
  });
