import type { App } from '../app';
import type { ApiEvent } from '../api/types';
import { addTerm, exclude, showOnly } from '../query/edit';
import { formatValue, type FieldValue } from '../query/value';
import { formatMoment } from '../time/event-time';
import { resolveZone } from '../time/zone';
import { absolute, boundsOf, lastOf } from '../time/range';
import { toMarkdown } from '../text/event-text';
import { copyText } from '../ui/copy';

/** Fields of which an event has at most one value. */
const SINGLE = /^(?:id|level|source|origin|type|group|severity|message)$/;

/** Actions on an event and its values. */
export interface EventActions {
  filter(field: string, value: FieldValue): void;
  exclude(field: string, value: FieldValue): void;
  addColumn(field: string): void;
  copy(text: string): Promise<void>;
  copyLink(event: ApiEvent): Promise<void>;
  copyMarkdown(event: ApiEvent): Promise<void>;
}

export function createEventActions({ router, announcer, i18n, settings }: App): EventActions {
  const setQuery = (query: string): void => router.update({ query, context: undefined });

  const copy = async (text: string): Promise<void> =>
    announcer.show(i18n.t((await copyText(text)) ? 'app.copied' : 'app.copyFailed'));

  /** Returns a permanent link to the event: its range is absolute. */
  const linkTo = (event: ApiEvent): string => {
    const { state } = router;
    const bounds = boundsOf(state.range, Date.now());
    const range = bounds === undefined ? state.range : absolute(bounds, lastOf(state.range));
    const zone = state.zone ?? settings.current.zone;
    return (
      location.origin +
      router.href('', { ...state, range, zone, event: event.id, isLive: false, isSimilar: false })
    );
  };

  /** Returns the time as the page shows it, unless that is UTC like the time of the event itself. */
  const localTime = ({ timestamp }: ApiEvent): string => {
    const zone = router.state.zone ?? settings.current.zone;
    if (zone === 'UTC') return '';
    return `${formatMoment(Date.parse(timestamp), zone, i18n.date, true)} ${resolveZone(zone)}`;
  };

  return {
    filter: (field, value) => {
      const text = formatValue(field, value);
      const { query } = router.state;
      setQuery(SINGLE.test(field) ? showOnly(query, field, text) : addTerm(query, `${field}:${text}`));
    },
    exclude: (field, value) => setQuery(exclude(router.state.query, field, formatValue(field, value))),
    addColumn: (field) => {
      const { columns } = router.state;
      if (!columns.includes(field)) router.update({ columns: [...columns, field] });
    },
    copy,
    copyLink: (event) => copy(linkTo(event)),
    copyMarkdown: (event) => copy(toMarkdown(event, linkTo(event), localTime(event))),
  };
}
