import { getContext, setContext } from 'svelte';
import type { ApiClient } from './api/client';
import type { I18n } from './i18n/i18n.svelte';
import type { KeyMap } from './keys/key-map';
import type { Router } from './route/router.svelte';
import type { Settings } from './settings/settings.svelte';
import type { SearchState } from './shell/search-state.svelte';
import type { Announcer } from './shell/announcer.svelte';
import type { ServerState } from './shell/server-state.svelte';

/** State and services that all pages share. Created once in `main.ts`. */
export interface App {
  readonly client: ApiClient;
  readonly router: Router;
  readonly settings: Settings;
  readonly i18n: I18n;
  readonly keys: KeyMap;
  readonly server: ServerState;
  readonly announcer: Announcer;
  readonly search: SearchState;
}

const KEY = Symbol('app');

export function setApp(app: App): App {
  return setContext(KEY, app);
}

/** Returns the shared state and services. Called while a component is created. */
export function getApp(): App {
  return getContext<App>(KEY);
}
