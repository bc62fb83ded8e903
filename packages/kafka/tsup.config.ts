import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

/**
 * kafkajs is bundled: its idle timer is repaired and its codecs are replaced, which must not reach into the kafkajs
 * of the application that this runs in. See THIRD-PARTY.md.
 */
export default defineConfig({
  ...base,
  noExternal: [/^kafkajs/],
  banner: ({ format }) =>
    format === 'esm'
      ? {
          js: "import { createRequire as vigilantRequire } from 'node:module'; const require = vigilantRequire(import.meta.url);",
        }
      : {},
});
