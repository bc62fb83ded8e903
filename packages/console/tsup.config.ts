import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// The app is built by vite into dist/app, after this. `shims` provides import.meta.url in CommonJS.
export default defineConfig({ ...base, shims: true });
