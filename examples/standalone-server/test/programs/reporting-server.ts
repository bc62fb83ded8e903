// The standalone server, which prints its status twice a second: a line of JSON with the time, the state and the reasons.
import { serveGrpc } from '@vigilant/grpc';
import { compose } from '../../src/compose';
import { readSettings } from '../../src/settings';

const PERIOD_MS = 500;

const settings = readSettings(process.env);
const vigilant = await compose(settings, ({ component, code, message }) =>
  console.error(`${component}: ${code}: ${message}`),
);
await vigilant.open();
const server = await serveGrpc(vigilant, settings.grpc);
const report = async (): Promise<void> => {
  const { state, reasons } = await vigilant.status();
  console.log(JSON.stringify({ at: Date.now(), state, reasons }));
};
const timer = setInterval(() => void report(), PERIOD_MS);
process.once('SIGTERM', () => {
  clearInterval(timer);
  void server.close().then(() => vigilant.close());
});
console.log(`gRPC ${server.address}\n\ntry`);
