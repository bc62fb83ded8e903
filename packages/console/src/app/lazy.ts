import type { App } from './app';
import type * as later from './later';

type Later = typeof later;

/** Returns a function that loads a part. The first call loads the file with all of them. */
const part =
  <K extends keyof Later>(name: K) =>
  async (): Promise<{ readonly default: Later[K] }> => ({ default: (await import('./later'))[name] });

export const loadFacetPanel = part('FacetPanel');
export const loadDetail = part('Detail');
export const loadContextView = part('ContextView');
export const loadRowsFoot = part('RowsFoot');
export const loadMissingEvent = part('MissingEvent');
export const loadEmptyState = part('EmptyState');
export const loadHistogramTable = part('HistogramTable');
export const loadZones = part('Zones');
export const loadComparison = part('Comparison');
export const loadAssist = async () => (await import('./later')).assist;
export const loadPreviousOutline = part('PreviousOutline');
export const loadQueryError = part('QueryError');
export const loadRangeForm = part('RangeForm');
export const loadDisplayChoices = part('DisplayChoices');
export const loadRowTools = part('RowTools');
export const loadSeparator = part('Separator');
export const loadSimilar = part('Similar');
export const loadLiveButton = part('LiveButton');
export const loadLiveRows = part('LiveRows');

/** Dialogs that cover any page. */
export const DIALOGS = {
  keys: part('KeyList'),
  palette: part('Palette'),
  save: part('SaveDialog'),
};
export type DialogName = keyof typeof DIALOGS;

/** Waits for a part and for the messages of all parts that are loaded later. */
export async function withMessages<T>({ i18n }: Pick<App, 'i18n'>, part: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([part, i18n.loadPages()]);
  return loaded;
}

/** Loads all parts in advance, so that they open immediately, even while the server cannot be reached. */
export async function preload(): Promise<void> {
  await import('./later').catch(() => undefined);
}
