import { createHash } from 'node:crypto';

/** Where the events of a window come from. */
export type Target =
  | { readonly kind: 'engine'; readonly folder: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string };

/** Returns a short name of a target for files and sockets. Each target has one instance at a time. */
export function keyOf(target: Target): string {
  const hash = createHash('sha256').update(placeOf(target)).digest('hex').slice(0, 12);
  return `${target.kind}-${hash}`;
}

/** Returns the folder, path or URL of a target, as messages show it. */
export function placeOf(target: Target): string {
  switch (target.kind) {
    case 'engine':
      return target.folder;
    case 'file':
      return target.path;
    case 'server':
      return target.url;
  }
}
