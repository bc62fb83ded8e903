import { DENSITIES, type Density } from '../route/url-state';
import { isZone } from '../time/zone';

export type Theme = 'system' | 'light' | 'dark';

/** What a user prefers on this device. Kept in the browser's storage. */
export interface Preferences {
  readonly theme: Theme;
  /** Tag of the language; empty for the language of the browser. */
  readonly language: string;
  readonly zone: string;
  readonly density: Density;
  /** Whether keys such as `j` act. */
  readonly singleKeys: boolean;
  readonly showFacets: boolean;
  /** Fields whose values are counted. */
  readonly facets: readonly string[];
  /** Recent queries, newest first. */
  readonly history: readonly string[];
}

const DEFAULTS: Preferences = {
  theme: 'system',
  language: '',
  zone: 'UTC',
  density: 'normal',
  singleKeys: true,
  showFacets: true,
  facets: ['level', 'source', 'origin', 'type', 'group', 'tags'],
  history: [],
};

const KEY = 'vigilant.preferences';

/** Preferences of the user. A storage that is full or forbidden only means that they are not kept. */
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

/** Texts of which not all are valid. An unknown language is ignored where the language is chosen. */
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  zone: isZone,
  density: (text) => DENSITIES.includes(text as Density),
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
      ? Array.isArray(found) && found.every((each) => typeof each === 'string')
      : typeof found === typeof value && CHECKS[key]?.(found as string) !== false;
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
