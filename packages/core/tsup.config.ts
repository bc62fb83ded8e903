import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

/** Both entry points share their modules, so that an error class exists once in a process. */
export default defineConfig({
  ...base,
  entry: ['src/index.ts', 'src/adapter/index.ts'],
  splitting: true,
});
