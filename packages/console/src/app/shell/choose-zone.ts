import type { App } from '../app';

/** Shows times in a zone. The choice applies to this page and becomes the default of this browser. */
export function chooseZone({ settings, router }: Pick<App, 'settings' | 'router'>, zone: string): void {
  settings.update({ zone });
  router.update({ zone: zone === 'UTC' ? undefined : zone }, 'replace');
}
