import { invalidOption } from '@vigilant/core/adapter';

/** Checks the path that a factory is called with. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkPath(factory: string, path: unknown, example: string): void {
  if (typeof path !== 'string' || path === '')
    throw invalidOption(`The path of ${factory}`, `a non-empty string such as "${example}"`, path);
}
