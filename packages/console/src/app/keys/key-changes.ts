import { BINDINGS, keysOf, type ActionId, type KeyChanges } from './bindings';
import { keyOf, type KeyPress } from './key-map';

const IDS = Object.keys(BINDINGS) as ActionId[];
/** Keys that move within lists and controls. They keep their actions. */
const FIXED = /^(?:Escape|Enter|Home|End|Arrow\w+)$/;
/** Characters, with Ctrl or without, and function keys. */
const USABLE = /^(?:mod\+)?(?:.|F\d\d?)$/u;
/** Keys that copy, paste, select, undo, print, or act on windows of the browser. */
const RESERVED = /^(?:mod\+[acfhnpqrtvwxyz]|F5|F11|F12)$/i;

/** Returns whether the user can change a key of the table. */
export const isChangeable = (key: string): boolean => !FIXED.test(key);

/** Returns the action of a key. */
export function ownerOf(changes: KeyChanges, key: string): ActionId | undefined {
  return IDS.find((id) => keysOf(changes, id).includes(key));
}

/** The meaning of a key press while the user chooses a key. `wait` ignores it, for example Shift alone. */
export type Recording =
  | { readonly kind: 'wait' | 'cancel' | 'remove' }
  | { readonly kind: 'reserved' | 'use'; readonly key: string }
  | { readonly kind: 'conflict'; readonly key: string; readonly owner: ActionId };

/**
 * Interprets a key press while the user chooses a key for an action.
 *
 * @param from - The key that is replaced, if there is one.
 */
export function recordKey(changes: KeyChanges, press: KeyPress, from: string | undefined): Recording {
  if (press.key === 'Escape') return { kind: 'cancel' };
  if (press.key === 'Delete' || press.key === 'Backspace') return { kind: 'remove' };
  const key = keyOf(press);
  if (key === undefined || !USABLE.test(key)) return { kind: 'wait' };
  if (RESERVED.test(key)) return { kind: 'reserved', key };
  const owner = key === from ? undefined : ownerOf(changes, key);
  return owner === undefined ? { kind: 'use', key } : { kind: 'conflict', key, owner };
}

/** Replaces a key of an action. Without `from` the key is added, without `to` it is removed. */
export function changeKey(
  changes: KeyChanges,
  id: ActionId,
  from: string | undefined,
  to: string | undefined,
): KeyChanges {
  const keys = keysOf(changes, id);
  const added = to === undefined ? [] : [to];
  const next = from === undefined ? [...added, ...keys] : keys.flatMap((key) => (key === from ? added : key));
  return withKeys(changes, id, next);
}

/** Restores the original keys of an action, and removes them from other actions. */
export function resetKeys(changes: KeyChanges, id: ActionId): KeyChanges {
  const original: readonly string[] = BINDINGS[id];
  const others = IDS.filter(
    (other) => other !== id && keysOf(changes, other).some((key) => original.includes(key)),
  );
  const freed = others.reduce(
    (rest, other) =>
      withKeys(
        rest,
        other,
        keysOf(rest, other).filter((key) => !original.includes(key)),
      ),
    changes,
  );
  return withKeys(freed, id, original);
}

/** Sets the keys of an action. Original keys are not kept as changes. */
function withKeys(changes: KeyChanges, id: ActionId, keys: readonly string[]): KeyChanges {
  const { [id]: _, ...others } = changes;
  return keys.join('\n') === BINDINGS[id].join('\n') ? others : { ...others, [id]: keys };
}
