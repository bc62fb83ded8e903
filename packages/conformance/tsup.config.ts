import { defineConfig } from 'tsup';
import { shipDocs } from '../../scripts/lib/shipped-docs.mjs';
import { base } from '../../tsup.base';

export default defineConfig({
  ...base,
  onSuccess: async () => shipDocs('dist/docs'),
});
