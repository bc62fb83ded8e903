import { describeOutages } from './support/outages';

describeOutages(600_000);
