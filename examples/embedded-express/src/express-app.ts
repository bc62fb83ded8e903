import { consoleFiles } from '@vigilant/console';
import type { Vigilant } from '@vigilant/core';
import type { HttpHandler } from '@vigilant/http';
import { createHttpHandler, createNodeListener } from '@vigilant/http';
import express from 'express';
import type { Express } from 'express';
import { LOGIN_PAGE } from './login-page';
import type { Sessions } from './sessions';

/** The shop, and the HTTP handler of its events, which must be closed when the shop stops. */
export interface ExpressApp {
  readonly app: Express;
  readonly events: HttpHandler;
}

/** Creates the shop with Express. Operators find its events under `/ops/events`. */
export function createExpressApp(vigilant: Vigilant, sessions: Sessions): ExpressApp {
  const app = express();

  // The handler reads bodies itself, so it is mounted before the body parsers.
  const events = createHttpHandler(vigilant, {
    console: consoleFiles,
    authorize: (request) => sessions.isOperator(request.headers.get('cookie')),
  });
  app.use('/ops/events', createNodeListener(events));

  app.use(express.json(), express.urlencoded());
  app.get('/login', (_request, response) => void response.type('html').send(LOGIN_PAGE));
  app.post('/login', (request, response) => {
    const { password } = request.body as { password?: unknown };
    const cookie = sessions.logIn(String(password));
    if (cookie === undefined) return void response.status(401).send('The password is wrong.');
    response.setHeader('set-cookie', cookie);
    response.redirect(303, '/ops/events/');
  });
  app.post('/orders', (request, response) => {
    const { amount } = request.body as { amount?: unknown };
    vigilant.info('order placed', { amount });
    response.status(201).json({ placed: true });
  });
  return { app, events };
}
