import { DENSITIES, type Density } from '../route/url-state';
import type { KeyChanges } from '../keys/bindings';
import { PANELS, type PanelName, type PanelWidths } from './panels';
import { isZone } from '../time/zone';

export type Theme = 'system' | 'light' | 'dark';

/** Preferences of a user on this device. Kept in the browser's storage. */
export interface Preferences {
  readonly theme: Theme;
  /** Tag of the language; empty for the language of the browser. */
  readonly language: string;
  readonly zone: string;
  readonly density: Density;
  /** Whether keys such as `j` act. */
  readonly singleKeys: boolean;
  /** Keys that the user has changed. */
  readonly keys: KeyChanges;
  readonly showFacets: boolean;
  readonly widths: PanelWidths;
  /** Fields whose values are counted. */
  readonly facets: readonly string[];
  /** Fields that are pinned to the top of the facets, in this order. Their values are counted too. */
  readonly pinned: readonly string[];
  /** Recent queries, newest first. */
  readonly history: readonly string[];
}

/** Fields that are counted unless the user chooses others. */
export const DEFAULT_FACETS: readonly string[] = ['level', 'source', 'origin', 'type', 'group', 'tags'];

const DEFAULTS: Preferences = {
  theme: 'system',
  language: '',
  zone: 'UTC',
  density: 'normal',
  singleKeys: true,
  keys: {},
  showFacets: true,
  widths: { facets: PANELS.facets.width, detail: PANELS.detail.width },
  facets: DEFAULT_FACETS,
  pinned: [],
  history: [],
};

const KEY = 'vigilant.preferences';

/** Reads and changes preferences. They are not kept if the storage is full or forbidden. */
export class Settings {
  #current = $state.raw<Preferences>(DEFAULTS);
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined) {
    this.#storage = storage;
    this.#current = readPreferences(storage);
  }

  get current(): Preferences {
    return this.#current;
  }

  update(changes: Partial<Preferences>): void {
    this.#current = { ...this.#current, ...changes };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#current));
    } catch {
      // Not kept.
    }
  }
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** The page limits widths that are too large for the window. */
const isWidths = (widths: Partial<PanelWidths> | null): boolean =>
  Object.entries(PANELS).every(([panel, { min }]) => {
    const width: unknown = widths?.[panel as PanelName];
    return typeof width === 'number' && width >= min;
  });

/** Checks of values beyond their type. An unknown language is ignored where the language is chosen. */
const CHECKS: Readonly<Record<string, (value: never) => boolean>> = {
  zone: isZone,
  density: (text: Density) => DENSITIES.includes(text),
  widths: isWidths,
  keys: (changes: object | null) => Object.values(changes ?? [0]).every(isTexts),
};

/** Reads the preferences. Values that are not valid have their default. */
export function readPreferences(storage: Pick<Storage, 'getItem'> | undefined): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(storage?.getItem(KEY) ?? '{}');
  } catch {
    return DEFAULTS;
  }
  const entries = Object.entries(DEFAULTS).map(([key, value]) => {
    const found: unknown = (stored as Readonly<Record<string, unknown>> | null)?.[key];
    const isGood = Array.isArray(value)
      ? isTexts(found)
      : typeof found === typeof value && CHECKS[key]?.(found as never) !== false;
    return [key, isGood ? found : value];
  });
  return Object.fromEntries(entries) as Preferences;
}

/** Returns the browser's storage, or `undefined` if it is forbidden. */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
