import type { App } from '../app';
import type { MessageKey } from '../i18n/en';
import { LOCALES } from '../i18n/locales';
import { BINDINGS, type ActionId } from '../keys/bindings';
import { DENSITIES, ROW_HEIGHTS } from '../route/url-state';
import type { Route } from '../route/routes';
import { THEMES, chooseDensity, chooseLanguage, chooseZone, zonesWith } from '../shell/choices';
import { visibleLine } from '../text/visible';
import { resolveZone } from '../time/zone';
import { stateOf, type View } from '../views/view';

/** An entry of the command palette. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Name of the kind of command, as shown. */
  readonly group: string;
  /** Name of the key that does the same, or an empty text. */
  readonly key: string;
  /** Whether the command selects a value that is in effect already. */
  readonly isCurrent: boolean;
  /** Returns `false` if the command does not apply, such as an action on an event while no event has the focus. */
  readonly run: () => void | boolean;
}

const MAX_TEXT = 200;

/** Returns all commands, the most frequently used kinds first. */
export function createCommands(
  app: App,
  pages: readonly Route[],
  views: readonly View[],
): readonly Command[] {
  return [
    ...pageCommands(app, pages),
    ...viewCommands(app, views),
    ...actionCommands(app),
    ...historyCommands(app),
    ...settingCommands(app),
  ];
}

function pageCommands({ router, i18n: { t } }: App, pages: readonly Route[]): readonly Command[] {
  const shared = { ...router.state, event: undefined, context: undefined };
  return pages.map(({ path, title }) =>
    command(`page:${path}`, t(title), t('palette.page'), () => router.go(path, shared), {
      isCurrent: path === router.path,
    }),
  );
}

/** Actions of the keys, as far as the page has them. */
function actionCommands({ keys, i18n: { t } }: App): readonly Command[] {
  const ids = (Object.keys(BINDINGS) as ActionId[]).filter((id) => id !== 'palette' && keys.has(id));
  return ids.map((id) =>
    command(`action:${id}`, t(`key.${id}`), t('palette.action'), () => keys.run(id), {
      key: keys.hint(id, t),
    }),
  );
}

function viewCommands({ router, i18n: { t } }: App, views: readonly View[]): readonly Command[] {
  return views.map((view) =>
    command(`view:${view.id}`, visibleLine(view.name, MAX_TEXT), t('palette.view'), () =>
      router.go('', stateOf(view)),
    ),
  );
}

/** Earlier queries. They keep the range and the columns. */
function historyCommands({ router, settings, i18n: { t } }: App): readonly Command[] {
  const changes = { event: undefined, context: undefined };
  return settings.current.history.map((query) =>
    command(`search:${query}`, visibleLine(query, MAX_TEXT), t('palette.search'), () =>
      router.go('', { ...router.state, ...changes, query }),
    ),
  );
}

function settingCommands(app: App): readonly Command[] {
  const { settings, router, i18n } = app;
  const { t } = i18n;
  const { theme, singleKeys } = settings.current;
  const density = router.state.density ?? settings.current.density;
  const zone = router.state.zone ?? settings.current.zone;
  const choice = (
    kind: MessageKey,
    value: string,
    label: string,
    isCurrent: boolean,
    run: () => void,
  ): Command => command(`${kind}:${value}`, label, t(kind), run, { isCurrent });
  return [
    ...THEMES.map((each) =>
      choice('status.theme', each, t(`theme.${each}`), each === theme, () =>
        settings.update({ theme: each }),
      ),
    ),
    ...LOCALES.filter(({ isOffered }) => isOffered).map(({ tag, name }) =>
      choice('status.language', tag, name, tag === i18n.locale.tag, () => chooseLanguage(app, tag)),
    ),
    ...DENSITIES.map((each) =>
      choice('status.density', each, t('status.rows', { pixels: ROW_HEIGHTS[each] }), each === density, () =>
        chooseDensity(app, each),
      ),
    ),
    command(
      'keys:single',
      t('keys.single'),
      t('keys.title'),
      () => settings.update({ singleKeys: !singleKeys }),
      {
        isCurrent: singleKeys,
      },
    ),
    ...zonesWith(zone).map((each) =>
      choice('status.zone', each, zoneName(each, t), each === zone, () => chooseZone(app, each)),
    ),
  ];
}

const zoneName = (zone: string, t: App['i18n']['t']): string =>
  zone === 'local' ? t('zone.local', { zone: resolveZone('local') }) : zone;

function command(
  id: string,
  label: string,
  group: string,
  run: Command['run'],
  { key = '', isCurrent = false }: Partial<Pick<Command, 'key' | 'isCurrent'>> = {},
): Command {
  return { id, label, group, key, isCurrent, run };
}
