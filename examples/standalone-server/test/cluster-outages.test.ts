import { describeClusterOutages } from './support/cluster-outages';

// Runs each fault once.
describeClusterOutages(0);
