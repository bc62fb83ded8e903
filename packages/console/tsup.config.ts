import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// vite builds the app into dist/app before this. The files become part of the code.
export default defineConfig({ ...base, clean: ['!app/**'] });
