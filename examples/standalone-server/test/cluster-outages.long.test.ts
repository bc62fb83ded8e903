import { describeClusterOutages } from './support/cluster-outages';

describeClusterOutages(600_000);
