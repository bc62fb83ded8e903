import type { Catalog } from '../i18n/en';

/** An action that a key triggers. */
export interface Binding {
  readonly id: string;
  /** As in `KeyboardEvent.key`; `mod+` is Ctrl, or Command on a Mac. */
  readonly keys: readonly string[];
  readonly label: keyof Catalog;
  readonly group: keyof Catalog;
}

const binding = <Id extends string>(
  id: Id,
  keys: readonly string[],
  label: keyof Catalog,
  group: keyof Catalog,
) => ({
  id,
  keys,
  label,
  group,
});

const QUERY = 'keys.group.query';
const ROWS = 'keys.group.rows';
const PANELS = 'keys.group.panels';

/** All keys. The list of keys is generated from this table, and pages attach handlers by id. */
export const BINDINGS = [
  binding('focusQuery', ['/'], 'key.focusQuery', QUERY),
  binding('time', ['d'], 'key.time', QUERY),
  binding('earlier', [','], 'key.earlier', QUERY),
  binding('later', ['.'], 'key.later', QUERY),
  binding('zoomOut', ['-'], 'key.zoomOut', QUERY),
  binding('zoomIn', ['+', '='], 'key.zoomIn', QUERY),
  binding('compare', ['p'], 'key.compare', QUERY),
  binding('live', ['t'], 'key.live', QUERY),
  binding('pause', [' '], 'key.pause', QUERY),
  binding('next', ['j', 'ArrowDown'], 'key.next', ROWS),
  binding('previous', ['k', 'ArrowUp'], 'key.previous', ROWS),
  binding('open', ['Enter'], 'key.open', ROWS),
  binding('back', ['Escape'], 'key.back', ROWS),
  binding('top', ['g', 'Home'], 'key.top', ROWS),
  binding('bottom', ['G', 'End'], 'key.bottom', ROWS),
  binding('nextError', ['n'], 'key.nextError', ROWS),
  binding('previousError', ['N'], 'key.previousError', ROWS),
  binding('filter', ['f'], 'key.filter', ROWS),
  binding('exclude', ['x'], 'key.exclude', ROWS),
  binding('context', ['c'], 'key.context', ROWS),
  binding('copyLink', ['y'], 'key.copyLink', ROWS),
  binding('copyMarkdown', ['Y'], 'key.copyMarkdown', ROWS),
  binding('facets', ['['], 'key.facets', PANELS),
  binding('detail', [']'], 'key.detail', PANELS),
  binding('saveView', ['mod+s'], 'key.saveView', QUERY),
  binding('help', ['?'], 'key.help', PANELS),
] as const satisfies readonly Binding[];

export type ActionId = (typeof BINDINGS)[number]['id'];
