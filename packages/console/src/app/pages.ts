import Explore from './explore/explore.svelte';
import type { Route } from './route/routes';

/** All pages, in the order of the navigation. The first one is part of the first load; the others are loaded when shown. */
export const PAGES: readonly Route[] = [
  {
    path: '',
    title: 'page.explore',
    isInNavigation: true,
    hasQuery: true,
    hasLive: true,
    load: () => Promise.resolve({ default: Explore }),
  },
  {
    path: 'send',
    title: 'page.send',
    isInNavigation: true,
    hasQuery: false,
    hasLive: false,
    load: () => import('./send/send.svelte'),
  },
];
