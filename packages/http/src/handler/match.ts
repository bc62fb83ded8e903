import { nearName, shorten } from '@vigilant/core/adapter';
import type { Route } from '../routes/route';
import { HttpError } from '../wire/http-error';

/** Maximum length of a path that an error quotes and compares with those of the endpoints, in UTF-16 code units. */
const MAX_PATH_CHARACTERS = 200;

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
    const id = rest === '' || rest.includes('/') ? undefined : decode(rest);
    return id === undefined ? [] : [{ route, id }];
  });
}

/** Returns the error of a path without an endpoint or file. */
export function unknownPath(routes: readonly Route[], path: string): HttpError {
  const near = nearPath(routes, path);
  const advice =
    near === undefined
      ? 'GET /openapi.json lists all endpoints'
      : near === path
        ? 'percent-encode its characters as UTF-8, and "%" as "%25"'
        : `did you mean ${near}?`;
  const reason = `"${shorten(path, MAX_PATH_CHARACTERS)}" does not exist; ${advice}`;
  const violations = [{ field: 'path', code: 'unknown_value', reason }];
  return new HttpError(404, 'VIGILANT_NOT_FOUND', `path: ${reason}`, { violations });
}

/** Returns the path of the endpoint that is most similar to a misspelt path. */
function nearPath(routes: readonly Route[], path: string): string | undefined {
  if (path.length > MAX_PATH_CHARACTERS) return undefined;
  const segments = path.split('/');
  const id = segments.at(-1) || '{id}';
  const paths = routes.map((route) => route.path);
  const similar = paths.filter(
    (each) => !each.includes('{id}') || each.split('/').length === segments.length,
  );
  return nearName(path, [...new Set(similar.map((each) => each.replace('{id}', id)))]);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
