import { describeClusterOutages } from './support/cluster-outages';

// Once through everything that can fail.
describeClusterOutages(0);
