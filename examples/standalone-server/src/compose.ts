import { createMemoryBroker, createMemoryStore, createVigilant } from '@vigilant/core';
import type { Broker, DiagnosticSink, Store, Vigilant } from '@vigilant/core';
import { createSqliteBroker, createSqliteStore } from '@vigilant/store-sqlite';
import { join } from 'node:path';
import type { Settings } from './settings';
import { ENGINE_GRACE_MS } from './stop';

/** Creates the engine with the adapters of the settings. Loads only these, because each takes several megabytes. */
export async function compose(settings: Settings, onDiagnostic: DiagnosticSink): Promise<Vigilant> {
  return createVigilant({
    broker: await createBroker(settings),
    store: await createStore(settings),
    batch: { intervalMs: settings.intervalMs },
    retention: settings.retention,
    graceMs: ENGINE_GRACE_MS,
    onDiagnostic,
  });
}

async function createBroker({ broker, folder, kafka }: Settings): Promise<Broker> {
  switch (broker) {
    case 'sqlite':
      return createSqliteBroker(join(folder, 'journal.db'));
    case 'kafka': {
      const { createKafkaBroker } = await import('@vigilant/kafka');
      return createKafkaBroker(kafka);
    }
    case 'memory':
      return createMemoryBroker();
  }
}

async function createStore({ store, folder, mysql }: Settings): Promise<Store> {
  switch (store) {
    case 'sqlite':
      return createSqliteStore(join(folder, 'events.db'));
    case 'mysql': {
      const { createMysqlStore } = await import('@vigilant/store-mysql');
      return createMysqlStore(mysql);
    }
    case 'memory':
      return createMemoryStore();
  }
}
