import { isVigilantError } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { consoleFiles } from '@vigilant/console';
import { redirectGrpcLog, serveGrpc } from '@vigilant/grpc';
import { serveHttp } from '@vigilant/http';
import { compose } from './compose';
import { explain } from './explain';
import { runDemo } from './demo/run-demo';
import { readFlags } from './flags';
import { prepareFolder } from './folder';
import { introduce } from './introduce';
import { print, printDiagnostic } from './output';
import type { Settings } from './settings';
import { readSettings, unusedVariables } from './settings';
import type { Running } from './stop';
import { closeServers } from './stop';

/** Runs the server with the settings of the environment. @throws {Error} that names the variable if it does not start */
export async function run(
  running: Running,
  environment: NodeJS.ProcessEnv,
  commandLine: readonly string[],
): Promise<void> {
  const settings = readSettings(environment, readFlags(commandLine));
  const unused = unusedVariables(environment, settings);
  const { broker, store } = settings;
  if (unused.length > 0)
    print(`unused      ${unused.join(', ')} (VIGILANT_BROKER=${broker}, VIGILANT_STORE=${store})`);
  try {
    if (broker === 'sqlite' || store === 'sqlite') prepareFolder(settings.folder);
    await serve(running, settings, await compose(settings, printDiagnostic));
  } catch (error) {
    throw new Error(explain(error, settings), { cause: error });
  }
}

/** Opens and serves an engine. If a signal arrives before that is complete, stops instead. */
export async function serve(running: Running, settings: Settings, vigilant: Vigilant): Promise<void> {
  if (running.stopping.aborted) return;
  running.vigilant = vigilant;
  try {
    const failure = await open(vigilant, settings);
    if (running.stopping.aborted) return;
    if (failure !== undefined)
      print(`waiting     ${failure} Events are accepted; queries fail until the store answers.`);
    redirectGrpcLog(printDiagnostic);
    const grpc = await serveGrpc(vigilant, { ...settings.grpc, onDiagnostic: printDiagnostic });
    running.servers.push(grpc);
    const http = await serveHttp(vigilant, {
      ...settings.http,
      console: consoleFiles,
      onDiagnostic: printDiagnostic,
    });
    running.servers.push(http);
    // A signal that has just arrived did not close these servers.
    if (running.stopping.aborted) return await closeServers(running, 0);
    await introduce(vigilant, { console: http.url, grpc: grpc.address }, settings);
    if (settings.isDemo) void runDemo(vigilant, running.stopping);
  } catch (error) {
    await closeServers(running, 0);
    await vigilant.close();
    // A signal during the start makes it fail.
    if (!running.stopping.aborted) throw error;
  }
}

/**
 * Opens the engine. If the database server does not answer, returns the reason: the broker accepts events without it, and
 * the engine retries.
 */
async function open(vigilant: Vigilant, { store }: Settings): Promise<string | undefined> {
  try {
    await vigilant.open();
    return undefined;
  } catch (error) {
    const mayRecover =
      isVigilantError(error) && error.code === 'VIGILANT_STORE_UNAVAILABLE' && error.retryable;
    if (store === 'mysql' && mayRecover) return error.message;
    throw error;
  }
}
