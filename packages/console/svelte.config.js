import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

const owners = new Map();

/** Names the scope of the styles of a component. The name is part of its elements: a short one makes the app smaller. */
function cssHash({ hash, filename }) {
  const scope = `s${hash(filename).slice(-4)}`;
  const owner = owners.get(scope) ?? filename;
  if (owner !== filename) throw new Error(`The styles of ${owner} and ${filename} have the same scope.`);
  owners.set(scope, filename);
  return scope;
}

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true, modernAst: true, cssHash },
};
