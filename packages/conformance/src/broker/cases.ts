import { abandonCases } from './abandon';
import { ackCases } from './ack';
import { backpressureCases } from './backpressure';
import { barrierCases } from './barrier';
import { consumeCases } from './consume';
import type { BrokerCase } from './fixture';
import { lifecycleCases } from './lifecycle';
import { malformedCases } from './malformed';
import { publishCases } from './publish';
import { redeliveryCases } from './redelivery';
import { statusCases } from './status';
import { watchCases } from './watch';

/** All cases of the broker suite. Cases about the harness come first. */
export const brokerCases: readonly BrokerCase[] = [
  ...lifecycleCases,
  ...publishCases,
  ...consumeCases,
  ...ackCases,
  ...redeliveryCases,
  ...backpressureCases,
  ...barrierCases,
  ...watchCases,
  ...malformedCases,
  ...statusCases,
  ...abandonCases,
];
