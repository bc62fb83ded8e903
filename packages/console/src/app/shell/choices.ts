import type { App } from '../app';
import { LOCALES } from '../i18n/locales';
import type { Density } from '../route/url-state';
import type { Theme } from '../settings/settings.svelte';

/** Returns all time zones of the browser, the most common ones first. */
export const zonesWith = (current: string): readonly string[] => [
  ...new Set(['UTC', 'local', current, ...Intl.supportedValuesOf('timeZone')]),
];

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Shows times in a zone. The choice applies to this page and becomes the default of this browser. */
export function chooseZone({ settings, router }: App, zone: string): void {
  settings.update({ zone });
  router.update({ zone: zone === 'UTC' ? undefined : zone }, 'replace');
}

/** Changes the height of the rows of this page, and makes it the default of this browser. */
export function chooseDensity({ settings, router }: App, density: Density): void {
  settings.update({ density });
  router.update({ density: undefined }, 'replace');
}

/** Changes the language, once its messages are loaded. */
export function chooseLanguage({ settings, i18n }: App, tag: string): void {
  settings.update({ language: tag });
  const locale = LOCALES.find((each) => each.tag === tag);
  if (locale !== undefined) void i18n.use(locale);
}
