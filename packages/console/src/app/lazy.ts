/** Parts that the first rows do not need. */
export const loadFacetPanel = () => import('./explore/facets/facets.svelte');
export const loadDetail = () => import('./explore/detail/detail.svelte');
export const loadContextView = () => import('./explore/context/context-view.svelte');
export const loadRowsFoot = () => import('./explore/states/rows-foot.svelte');
export const loadMissingEvent = () => import('./explore/states/missing-event.svelte');
export const loadEmptyState = () => import('./explore/states/empty-state.svelte');
export const loadHistogramTable = () => import('./explore/histogram/histogram-table.svelte');
export const loadAssist = () => import('./search/assist');
export const loadQueryError = () => import('./search/query-error.svelte');
export const loadRangeForm = () => import('./search/range-form.svelte');
export const loadKeyList = () => import('./shell/key-list.svelte');
export const loadLiveButton = () => import('./live/live-button.svelte');
export const loadLiveRows = () => import('./live/live-rows.svelte');

const ALL = [
  loadAssist,
  loadQueryError,
  loadDetail,
  loadEmptyState,
  loadContextView,
  loadRangeForm,
  loadKeyList,
  loadHistogramTable,
  loadLiveRows,
  loadMissingEvent,
];

/** Loads these parts, so that they open at once and also while the server cannot be reached. */
export async function preload(): Promise<void> {
  for (const load of ALL) await load().catch(() => undefined);
}
