import { rm } from 'node:fs/promises';
import { createVigilant } from '@vigilant/core';
import type { Store, Vigilant } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import { createSqliteStore, sqlite } from '@vigilant/store-sqlite';
import { printDiagnostic } from '../system/print';
import { ensurePrivateFolder } from '../system/private-folder';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import { checkServer } from './remote-server';
import type { Source } from './source';
import { createLocalSource, remoteSource } from './source';
import type { StateFile } from './state-file';
import type { Target } from './target';
import { keyOf, placeOf } from './target';

/** How long the engine may take to write pending events, in milliseconds. */
const ENGINE_GRACE_MS = 4_500;

/** Dependencies of a source. */
export interface SourceContext {
  readonly system: System;
  readonly state: StateFile;
  /** Folder for the files that open windows. */
  readonly windows: string;
}

/**
 * Opens the source of a target.
 *
 * @throws {CliError} The message names the target and the reason.
 */
export async function openSource(target: Target, context: SourceContext): Promise<Source> {
  const { system, state } = context;
  if (target.kind === 'server') {
    await checkServer(target.url, system);
    await state.addServer({ url: target.url, lastUsedAt: new Date(system.clock.now()).toISOString() });
    return remoteSource(target.url);
  }
  const vigilant = await openEngine(target, system);
  try {
    return await serveLocally(target, vigilant, context);
  } catch (error) {
    await vigilant.close();
    throw error;
  }
}

async function serveLocally(target: Target, vigilant: Vigilant, context: SourceContext): Promise<Source> {
  const { system, state, windows } = context;
  const key = keyOf(target);
  // A process that was killed may have left files. This process is the only instance of the target.
  await rm(windows, { recursive: true, force: true });
  await ensurePrivateFolder(windows, system);
  const { ports } = await state.read();
  const [, port = 0] = ports.find(([each]) => each === key) ?? [];
  const source = await createLocalSource({ vigilant, system, windows, port });
  try {
    await state.setPort(key, source.port);
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Creates the read-only store of a file. */
function openFile(path: string): { readonly store: Store } {
  return { store: createSqliteStore(path, { readOnly: true }) };
}

async function openEngine(target: Exclude<Target, { kind: 'server' }>, system: System): Promise<Vigilant> {
  const vigilant = createVigilant({
    ...(target.kind === 'engine' ? sqlite(target.folder) : openFile(target.path)),
    graceMs: ENGINE_GRACE_MS,
    onDiagnostic: printDiagnostic.bind(undefined, system),
  });
  try {
    await vigilant.open();
    return vigilant;
  } catch (error) {
    await vigilant.close();
    throw new CliError(`The events in ${placeOf(target)} cannot be opened: ${reasonOf(error)}`);
  }
}
