import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { createApiClient } from './api/client';
import { takeSession } from './api/session';
import type { App } from './app';
import { I18n } from './i18n/i18n.svelte';
import { findLocale } from './i18n/locales';
import { KeyMap } from './keys/key-map';
import Root from './root.svelte';
import { Router } from './route/router.svelte';
import { decodePath } from './route/routes';
import { Settings, browserStorage } from './settings/settings.svelte';
import { Announcer } from './shell/announcer.svelte';
import { SearchState } from './shell/search-state.svelte';
import { ServerState } from './shell/server-state.svelte';

const base = new URL(document.baseURI);
const settings = new Settings(browserStorage());
const server = new ServerState();
const i18n = new I18n();

const app: App = {
  client: createApiClient({ base: base.href, session: takeSession(window), onOutcome: server.report }),
  router: new Router(base.pathname, window),
  settings,
  i18n,
  keys: new KeyMap(() => settings.current),
  server,
  announcer: new Announcer(),
  search: new SearchState(),
};

// A short link to one event, whenever it happened.
const [, linked] = /^e\/(.+)$/.exec(app.router.path) ?? [];
if (linked !== undefined)
  app.router.go('', { ...app.router.state, range: { kind: 'all' }, event: decodePath(linked) }, 'replace');

// A language in the URL applies to this visit only.
const asked = new URLSearchParams(location.search).get('lang');
await i18n.use(
  findLocale([asked ?? settings.current.language, ...navigator.languages].filter((tag) => tag !== '')),
);
mount(Root, { target: document.body, props: { app } });
