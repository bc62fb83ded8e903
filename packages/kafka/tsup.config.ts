import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

/** Bundles kafkajs, because its patches must not affect a kafkajs of the application. See THIRD-PARTY.md. */
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
