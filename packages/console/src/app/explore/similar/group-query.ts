import { addTerm, showOnly } from '../../query/edit';
import { formatValue, quote } from '../../query/value';
import { commonTexts } from '../../text/template';
import type { Group } from './grouper';

/** Maximum number of texts of a group in a query. The longest ones are used. */
const MAX_TEXTS = 4;
const MAX_LENGTH = 200;

/** Returns the texts that select the messages of a group, or none if everything in them differs. */
function phrasesOf(group: Group): readonly string[] {
  const texts = commonTexts(group.text).map((text) =>
    text.slice(0, MAX_LENGTH).replace(/[\ud800-\udbff]$/, ''),
  );
  const longest = [...texts].sort((a, b) => b.length - a.length).slice(0, MAX_TEXTS);
  return texts.filter((text) => longest.includes(text)).map(quote);
}

/** Returns whether a query can select the group: whether its messages have a text in common. */
export const isSelectable = (group: Group): boolean => phrasesOf(group).length > 0;

/** Changes a query so that only events with the level, the source and the common text of a group match. */
export function showGroup(query: string, group: Group): string {
  const { level, source } = group;
  const fields = showOnly(showOnly(query, 'level', level), 'source', formatValue('source', source));
  return phrasesOf(group).reduce(addTerm, fields);
}

/** Changes a query so that events with the level, the source and the common text of a group do not match. */
export function excludeGroup(query: string, group: Group): string {
  const { level, source } = group;
  const terms = [`level:${level}`, `source:${formatValue('source', source)}`, ...phrasesOf(group)];
  const term = `-(${terms.join(' ')})`;
  return query.includes(term) ? query : addTerm(query, term);
}
