import { abandonCases } from './abandon';
import { appendCases } from './append';
import { backupCases } from './backup';
import { concurrencyCases } from './concurrency';
import { countingCases } from './counting';
import { documentWriteCases } from './document-writes';
import { documentCases } from './documents';
import { faultCases } from './faults';
import { filterCases } from './filter';
import { filterPropertyCases } from './filter-property';
import type { StoreCase } from './fixture';
import { getCases } from './get';
import { largeBatchCases } from './large-batches';
import { lifecycleCases } from './lifecycle';
import { pagingCases } from './paging';
import { pruneCases } from './prune';
import { queryCases } from './query';
import { queryLinesCases } from './query-lines';
import { readOnlyCases } from './read-only';
import { statusCases } from './status';

/** All cases of the store suite. Cases about the harness come first. */
export const storeCases: readonly StoreCase[] = [
  ...lifecycleCases,
  ...appendCases,
  ...concurrencyCases,
  ...getCases,
  ...queryCases,
  ...queryLinesCases,
  ...filterCases,
  ...filterPropertyCases,
  ...pagingCases,
  ...largeBatchCases,
  ...countingCases,
  ...pruneCases,
  ...documentCases,
  ...documentWriteCases,
  ...backupCases,
  ...statusCases,
  ...readOnlyCases,
  ...abandonCases,
  ...faultCases,
];
