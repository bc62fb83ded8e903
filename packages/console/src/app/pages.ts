import Explore from './explore/explore.svelte';
import type { Route } from './route/routes';

/** All pages, in the order of the navigation. The first one is part of the first load; the others are loaded when shown. */
export const PAGES: readonly Route[] = [
  {
    path: '',
    title: 'page.explore',
    navigation: 'bar',
    hasQuery: true,
    hasLive: true,
    hasOwnMessages: false,
    load: () => Promise.resolve({ default: Explore }),
  },
  {
    path: 'overview',
    title: 'page.overview',
    navigation: 'bar',
    hasQuery: true,
    hasLive: false,
    hasOwnMessages: true,
    load: () => import('./overview/overview.svelte'),
  },
  {
    path: 'send',
    title: 'page.send',
    navigation: 'bar',
    hasQuery: false,
    hasLive: false,
    hasOwnMessages: true,
    load: () => import('./send/send-page.svelte'),
  },
  {
    path: 'views',
    title: 'page.views',
    navigation: 'menu',
    hasQuery: true,
    hasLive: false,
    hasOwnMessages: true,
    load: () => import('./views/views.svelte'),
  },
];
