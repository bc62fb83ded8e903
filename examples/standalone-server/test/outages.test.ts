import { describeOutages } from './support/outages';

// Runs each fault once.
describeOutages(0);
