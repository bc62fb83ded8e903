import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Position and size of a window, in pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

/** Smallest size that is restored, in pixels. */
const MIN_PIXELS = 200;

/**
 * Returns the position and size of the last window of a URL. Chromium saves them in its profile, but does not restore them.
 *
 * @returns `undefined` if the profile does not have a valid position
 */
export async function readPlacement(profile: string, url: string): Promise<Placement | undefined> {
  try {
    const text = await readFile(join(profile, 'Default', 'Preferences'), 'utf8');
    return toPlacement(findPlacement(JSON.parse(text), url));
  } catch {
    return undefined;
  }
}

/** Finds the entry of a URL. Its key is the host and the path, which Chromium splits into objects at each dot. */
function findPlacement(preferences: unknown, url: string): unknown {
  const { hostname, pathname } = new URL(url);
  const keys = ['browser', 'app_window_placement', ...`${hostname}_${pathname}`.split('.')];
  return keys.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], preferences);
}

function toPlacement(entry: unknown): Placement | undefined {
  const { left, top, right, bottom, maximized } = entry as Readonly<Record<string, number | boolean>>;
  const edges = [left, top, right, bottom].map(Number);
  const [x = 0, y = 0, x2 = 0, y2 = 0] = edges;
  const isValid = edges.every(Number.isSafeInteger) && x2 - x >= MIN_PIXELS && y2 - y >= MIN_PIXELS;
  if (!isValid) return undefined;
  return { left: x, top: y, width: x2 - x, height: y2 - y, isMaximized: maximized === true };
}
