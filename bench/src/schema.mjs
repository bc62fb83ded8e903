import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';

/** The schema as a client of another language would have it. */
export function loadSchema() {
  const root = fileURLToPath(new URL('../../proto', import.meta.url));
  return loadSync('vigilant/v1/event_service.proto', { includeDirs: [root], longs: Number });
}
