import { describeOutages } from './support/outages';

// Once through everything that can fail.
describeOutages(0);
