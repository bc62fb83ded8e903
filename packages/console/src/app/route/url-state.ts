import { isZone } from '../time/zone';
import { DEFAULT_RANGE, parseDuration, type TimeRange } from '../time/range';

export const DENSITIES = ['compact', 'normal', 'comfortable'] as const;
export type Density = (typeof DENSITIES)[number];
/** Height of a row in pixels. */
export const ROW_HEIGHTS: Readonly<Record<Density, number>> = { compact: 20, normal: 24, comfortable: 32 };

/** The events around an event: their maximum distance in time, and what they share with it. */
export interface Context {
  readonly width: (typeof CONTEXT_WIDTHS)[number];
  readonly same: (typeof CONTEXT_SAME)[number];
}

export const CONTEXT_WIDTHS = ['10s', '1m', '5m'] as const;
export const CONTEXT_SAME = ['trace', 'source', 'group', 'all'] as const;

/** The part of the state of a page that its URL holds. */
export interface UrlState {
  readonly query: string;
  readonly range: TimeRange;
  /** Fields that are shown as columns, besides time, level, source and message. */
  readonly columns: readonly string[];
  /** `UTC`, `local` or an IANA name. @defaultValue the setting of the user */
  readonly zone?: string | undefined;
  /** @defaultValue the setting of the user */
  readonly density?: Density | undefined;
  /** Id of the selected event, whose detail is open. */
  readonly event?: string | undefined;
  /** Set while the rows show the context of the selected event. */
  readonly context?: Context | undefined;
  readonly isLive: boolean;
  /** Whether groups of similar events are shown in place of the rows. */
  readonly isSimilar: boolean;
  /** Whether the counts are compared with those of the previous period. */
  readonly isComparing: boolean;
}

export const EMPTY_STATE: UrlState = {
  query: '',
  range: DEFAULT_RANGE,
  columns: [],
  isLive: false,
  isSimilar: false,
  isComparing: false,
};

/** Reads the state from the search part of a URL. Values that are not valid have their default. */
export function parseUrlState(search: string): UrlState {
  const parameters = new URLSearchParams(search);
  const zone = parameters.get('tz') ?? '';
  const density = DENSITIES.find((each) => each === parameters.get('density'));
  return {
    query: parameters.get('q') ?? '',
    range: parseRangeState(parameters),
    columns: [...new Set((parameters.get('cols') ?? '').split(','))]
      .filter((column) => column !== '')
      .map(decodeColumn),
    zone: isZone(zone) ? zone : undefined,
    density,
    event: parameters.get('id') || undefined,
    context: parseContext(parameters.get('ctx') ?? ''),
    isLive: parameters.get('live') === '1',
    isSimilar: parameters.get('similar') === '1',
    isComparing: parameters.get('cmp') === '1',
  };
}

/** Formats the state as the search part of a URL: empty, or with a leading question mark. Leaves defaults out. */
export function formatUrlState(state: UrlState): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') parameters.set(name, value);
  };
  set('q', state.query);
  formatRangeState(state.range, set);
  set('cols', state.columns.map(encodeColumn).join(','));
  set('tz', state.zone);
  set('density', state.density);
  set('id', state.event);
  set('ctx', state.context === undefined ? undefined : `${state.context.width}.${state.context.same}`);
  set('live', state.isLive ? '1' : undefined);
  set('similar', state.isSimilar ? '1' : undefined);
  set('cmp', state.isComparing ? '1' : undefined);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function parseRangeState(parameters: URLSearchParams): TimeRange {
  const range = parameters.get('range') ?? '';
  const last = parseDuration(range) === undefined ? undefined : range;
  const since = isoTime(parameters.get('since'));
  if (since !== undefined) {
    const until = isoTime(parameters.get('until'));
    return { kind: 'absolute', since, until: until !== undefined && until > since ? until : undefined, last };
  }
  if (range === 'all') return { kind: 'all' };
  return last === undefined ? DEFAULT_RANGE : { kind: 'relative', last };
}

function formatRangeState(range: TimeRange, set: (name: string, value: string | undefined) => void): void {
  if (range.kind === 'all') return set('range', 'all');
  if (range.kind === 'absolute') {
    set('since', range.since);
    set('until', range.until);
    return set('range', range.last);
  }
  const isDefault = DEFAULT_RANGE.kind === 'relative' && range.last === DEFAULT_RANGE.last;
  set('range', isDefault ? undefined : range.last);
}

function isoTime(text: string | null): string | undefined {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function parseContext(text: string): Context | undefined {
  const [width, same] = text.split('.');
  const found = {
    width: CONTEXT_WIDTHS.find((each) => each === width),
    same: CONTEXT_SAME.find((each) => each === same),
  };
  return found.width === undefined || found.same === undefined ? undefined : (found as Context);
}

/** A quoted path of data may contain commas. */
const encodeColumn = (column: string): string => column.replace(/[%,]/g, encodeURIComponent);
const decodeColumn = (column: string): string => column.replace(/%(25|2C)/g, decodeURIComponent);
