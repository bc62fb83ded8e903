import type { Broker, Store } from '@vigilant/core';

/** Creates a store that replaces some methods of another one. */
export function wrapStore(store: Store, changes: Partial<Store>): Store {
  return {
    capabilities: store.capabilities,
    open: (context) => store.open(context),
    append: (batch) => store.append(batch),
    get: (id) => store.get(id),
    query: (query) => store.query(query),
    status: () => store.status(),
    close: () => store.close(),
    ...(store.appendEncoded && { appendEncoded: store.appendEncoded.bind(store) }),
    ...(store.queryLines && { queryLines: store.queryLines.bind(store) }),
    ...(store.histogram && { histogram: store.histogram.bind(store) }),
    ...(store.facets && { facets: store.facets.bind(store) }),
    ...(store.prune && { prune: store.prune.bind(store) }),
    ...(store.backup && { backup: store.backup.bind(store) }),
    ...(store.documents && { documents: store.documents }),
    ...changes,
  };
}

/** Creates a broker that replaces some methods of another one. */
export function wrapBroker(broker: Broker, changes: Partial<Broker>): Broker {
  return {
    capabilities: broker.capabilities,
    open: (context) => broker.open(context),
    publish: (events) => broker.publish(events),
    ...(broker.publishEncoded && { publishEncoded: broker.publishEncoded.bind(broker) }),
    consume: (options) => broker.consume(options),
    watch: (options) => broker.watch(options),
    barrier: (options) => broker.barrier(options),
    status: () => broker.status(),
    close: () => broker.close(),
    ...changes,
  };
}
