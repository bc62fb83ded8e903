import type { App } from './app';

/** Parts that the first rows do not need. */
export const loadFacetPanel = () => import('./explore/facets/facets.svelte');
export const loadDetail = () => import('./explore/detail/detail.svelte');
export const loadContextView = () => import('./explore/context/context-view.svelte');
export const loadRowsFoot = () => import('./explore/states/rows-foot.svelte');
export const loadMissingEvent = () => import('./explore/states/missing-event.svelte');
export const loadEmptyState = () => import('./explore/states/empty-state.svelte');
export const loadHistogramTable = () => import('./explore/histogram/histogram-table.svelte');
export const loadZones = () => import('./explore/histogram/zones.svelte');
export const loadComparison = () => import('./explore/compare/comparison.svelte');
export const loadAssist = () => import('./search/assist');
export const loadQueryError = () => import('./search/query-error.svelte');
export const loadRangeForm = () => import('./search/range-form.svelte');
export const loadDisplayChoices = () => import('./shell/display-choices.svelte');
export const loadRowTools = () => import('./explore/rows/row-tools.svelte');
export const loadSeparator = () => import('./explore/panels/separator.svelte');
export const loadSimilar = () => import('./explore/similar/similar.svelte');
export const loadLiveButton = () => import('./live/live-button.svelte');
export const loadLiveRows = () => import('./live/live-rows.svelte');

/** Dialogs that cover any page. */
export const DIALOGS = {
  keys: () => import('./shell/key-list.svelte'),
  palette: () => import('./palette/palette.svelte'),
  save: () => import('./views/save-dialog.svelte'),
};
export type DialogName = keyof typeof DIALOGS;

/** Waits for a part and for the messages of all parts that are loaded later. */
export async function withMessages<T>({ i18n }: Pick<App, 'i18n'>, part: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([part, i18n.loadPages()]);
  return loaded;
}

const ALL = [
  loadAssist,
  loadQueryError,
  loadDetail,
  loadEmptyState,
  loadContextView,
  loadRangeForm,
  DIALOGS.keys,
  DIALOGS.palette,
  loadHistogramTable,
  loadLiveRows,
  loadMissingEvent,
];

/** Loads these parts, so that they open at once and also while the server cannot be reached. */
export async function preload(): Promise<void> {
  for (const load of ALL) await load().catch(() => undefined);
}
