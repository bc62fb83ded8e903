import type { Preferences } from '../../settings/settings.svelte';

/** The fields of the facets, and which of them are pinned. */
export type FacetFields = Pick<Preferences, 'facets' | 'pinned'>;

/** Pins a field below those that are pinned already, and counts its values. */
export function pin({ facets, pinned }: FacetFields, field: string): FacetFields {
  return {
    facets: facets.includes(field) ? facets : [...facets, field],
    pinned: pinned.includes(field) ? pinned : [...pinned, field],
  };
}

/** Moves a field back to the others. Its values are still counted. */
export function unpin({ facets, pinned }: FacetFields, field: string): FacetFields {
  return { facets, pinned: pinned.filter((each) => each !== field) };
}

/** Stops counting the values of a field. */
export function remove({ facets, pinned }: FacetFields, field: string): FacetFields {
  const others = (fields: readonly string[]): readonly string[] => fields.filter((each) => each !== field);
  return { facets: others(facets), pinned: others(pinned) };
}

/** Exchanges a pinned field with the one above or below it. */
export function movePin({ facets, pinned }: FacetFields, field: string, step: 1 | -1): FacetFields {
  const from = pinned.indexOf(field);
  const to = from + step;
  const [moved, other] = [pinned[from], pinned[to]];
  if (moved === undefined || other === undefined) return { facets, pinned };
  return { facets, pinned: pinned.with(from, other).with(to, moved) };
}

/** Sorts facets: pinned ones first, in their order, then the others as they were. */
export function sortByPins<T extends { readonly field: string }>(
  facets: readonly T[],
  pinned: readonly string[],
): readonly T[] {
  const rank = ({ field }: T): number => (pinned.includes(field) ? pinned.indexOf(field) : pinned.length);
  return [...facets].sort((a, b) => rank(a) - rank(b));
}
