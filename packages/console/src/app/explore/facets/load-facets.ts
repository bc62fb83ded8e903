import type { ApiClient, EventsQuery } from '../../api/client';
import type { Facet, Scope } from '../../api/types';
import { removeField, selectedValues } from '../../query/edit';

/** Values per field. The most frequent ones are shown. */
const VALUES = 10;
/** Values per field in which the user searches. */
export const SEARCHED_VALUES = 100;

/**
 * Counts the values of fields.
 *
 * The values of a field are counted without its own terms in the query, so that further values can be selected.
 */
export async function loadFacets(
  client: ApiClient,
  scope: Scope & Pick<EventsQuery, 'freshMs'>,
  fields: readonly string[],
  signal: AbortSignal,
  limit = VALUES,
): Promise<readonly Facet[]> {
  const { filter } = scope;
  const load = async (query: string, names: readonly string[]): Promise<readonly Facet[]> => {
    if (names.length === 0) return [];
    const { facets } = await client.facets({ ...scope, filter: query, fields: names, limit }, signal);
    return facets;
  };
  const isSelected = (field: string): boolean => selectedValues(filter, field).length > 0;
  const loaded = await Promise.all([
    load(
      filter,
      fields.filter((field) => !isSelected(field)),
    ),
    ...fields.filter(isSelected).map((field) => load(removeField(filter, field), [field])),
  ]);
  const facets = loaded.flat();
  return fields.flatMap((field) => facets.find((facet) => facet.field === field) ?? []);
}
