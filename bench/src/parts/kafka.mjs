import { measureOnServices } from '../services.mjs';
import { kafkaBroker } from './kafka-broker.mjs';
import { kafkaIdle } from './kafka-idle.mjs';
import { kafkaToStore } from './kafka-to-store.mjs';

/** Fewer are all fetched at once, and show no rate. */
const FEWEST_EVENTS = 20_000;

/** Everything about Kafka: in, out, on into the store, and doing nothing. */
export function kafka({ events, runs }) {
  const measurements = [
    { what: 'Kafka broker', needs: ['kafka'], measure: kafkaBroker },
    { what: 'Kafka to MariaDB', needs: ['kafka', 'mariadb'], measure: kafkaToStore },
    { what: 'idle on Kafka', needs: ['kafka'], measure: kafkaIdle },
  ];
  return measureOnServices(measurements, { events: Math.max(events, FEWEST_EVENTS), runs });
}
