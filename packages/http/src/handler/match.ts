import type { Route } from '../routes/route';

/** A route and the value of `{id}` in its path. */
export interface Match {
  readonly route: Route;
  readonly id: string;
}

/**
 * Returns the routes of a path, one for each method.
 *
 * @param path - With a leading slash, percent-encoded.
 */
export function matchRoutes(routes: readonly Route[], path: string): readonly Match[] {
  return routes.flatMap((route) => {
    if (route.path === path) return [{ route, id: '' }];
    const prefix = route.path.replace(/\{id\}$/, '');
    if (prefix === route.path || !path.startsWith(prefix)) return [];
    const rest = path.slice(prefix.length);
    const id = rest.includes('/') ? undefined : decode(rest);
    return id === undefined ? [] : [{ route, id }];
  });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
