import { measureOnServices } from '../services.mjs';
import { kafkaBroker } from './kafka-broker.mjs';
import { kafkaIdle } from './kafka-idle.mjs';
import { kafkaToStore } from './kafka-to-store.mjs';

/** Fewer events would be fetched in one request, which does not show a rate. */
const MIN_EVENTS = 20_000;

/** Measures the Kafka broker, the path from Kafka to the store, and an idle engine. */
export function kafka({ events, runs }) {
  const measurements = [
    { what: 'Kafka broker', needs: ['kafka'], measure: kafkaBroker },
    { what: 'Kafka to MariaDB', needs: ['kafka', 'mariadb'], measure: kafkaToStore },
    { what: 'idle on Kafka', needs: ['kafka'], measure: kafkaIdle },
  ];
  return measureOnServices(measurements, { events: Math.max(events, MIN_EVENTS), runs });
}
