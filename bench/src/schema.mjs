import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';

/** Loads the schema from the `.proto` files, as clients in other languages do. */
export function loadSchema() {
  const root = fileURLToPath(new URL('../../proto', import.meta.url));
  return loadSync('vigilant/v1/event_service.proto', { includeDirs: [root], longs: Number });
}
