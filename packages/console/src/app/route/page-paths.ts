/** Paths of the pages, without a leading slash. `''` is the start page. */
const PAGE_PATHS = ['', 'overview', 'send', 'views'] as const;

/** Path of a page. */
export type PagePath = (typeof PAGE_PATHS)[number];

/** A short link to one event. */
const EVENT_LINK = /^e\/./;

/** Returns whether a path, without a leading slash, is a page of the console. */
export function isPage(path: string): boolean {
  return PAGE_PATHS.includes(path as PagePath) || EVENT_LINK.test(path);
}
