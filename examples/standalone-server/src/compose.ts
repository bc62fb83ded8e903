import { createMemoryBroker, createMemoryStore, createVigilant } from '@vigilant/core';
import type { Broker, DiagnosticSink, Store, Vigilant } from '@vigilant/core';
import { createKafkaBroker } from '@vigilant/kafka';
import { createMysqlStore } from '@vigilant/store-mysql';
import { createSqliteBroker, createSqliteStore } from '@vigilant/store-sqlite';
import { join } from 'node:path';
import type { Settings } from './settings';
import { ENGINE_GRACE_MS } from './stop';

/** Creates the engine with the adapters of the settings. */
export function compose(settings: Settings, onDiagnostic: DiagnosticSink): Vigilant {
  return createVigilant({
    broker: createBroker(settings),
    store: createStore(settings),
    batch: { intervalMs: settings.intervalMs },
    retention: settings.retention,
    graceMs: ENGINE_GRACE_MS,
    onDiagnostic,
  });
}

function createBroker({ broker, folder, kafka }: Settings): Broker {
  switch (broker) {
    case 'sqlite':
      return createSqliteBroker(join(folder, 'journal.db'));
    case 'kafka':
      return createKafkaBroker(kafka);
    case 'memory':
      return createMemoryBroker();
  }
}

function createStore({ store, folder, mysql }: Settings): Store {
  switch (store) {
    case 'sqlite':
      return createSqliteStore(join(folder, 'events.db'));
    case 'mysql':
      return createMysqlStore(mysql);
    case 'memory':
      return createMemoryStore();
  }
}
