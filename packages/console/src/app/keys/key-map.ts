import type { MessageKey } from '../i18n/en';
import { BINDINGS, keysOf, type ActionId, type KeyChanges } from './bindings';
import { keyName } from './key-name';

/** The parts of a `KeyboardEvent` that select an action. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'> &
  Partial<Pick<KeyboardEvent, 'getModifierState'>>;

/** Settings of the keys. */
export interface KeyPreferences {
  /** Whether keys such as `j` act (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  readonly keys: KeyChanges;
}

/** Handles an action. `false` leaves the key to the browser and to earlier handlers. */
export type Handler = () => void | false;

/** Keys without modifiers that also act if single keys are turned off, because assistive software does not type them. */
const NAMED = /^.{2,}$/u;

/** Handlers of actions. The handler that was attached last has precedence, so that a dialog can cover a page. */
export class KeyMap {
  readonly #handlers = new Map<ActionId, Handler[]>();
  readonly #preferences: () => KeyPreferences;

  constructor(preferences: () => KeyPreferences) {
    this.#preferences = preferences;
  }

  /** Attaches handlers. Returns a function that removes them. */
  attach(handlers: Partial<Readonly<Record<ActionId, Handler>>>): () => void {
    const entries = Object.entries(handlers) as [ActionId, Handler][];
    for (const [id, handler] of entries) this.#handlers.set(id, [handler, ...(this.#handlers.get(id) ?? [])]);
    return () => {
      for (const [id, handler] of entries)
        this.#handlers.set(
          id,
          (this.#handlers.get(id) ?? []).filter((each) => each !== handler),
        );
    };
  }

  /** Returns whether the page handles an action. */
  has(id: ActionId): boolean {
    return (this.#handlers.get(id)?.length ?? 0) > 0;
  }

  /** Runs an action. Returns whether a handler accepted it. */
  run(id: ActionId): boolean {
    return (this.#handlers.get(id) ?? []).some((handler) => handler() !== false);
  }

  /** Returns the name of the first active key of an action, or an empty text. */
  hint(id: ActionId, t: (key: MessageKey) => string): string {
    const { singleKeys, keys } = this.#preferences();
    const key = keysOf(keys, id).find((each) => singleKeys || NAMED.test(each));
    return key === undefined ? '' : keyName(key, t);
  }

  /** Handles a key of the page. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    const id = findAction(event, this.#preferences());
    if (event.defaultPrevented || id === undefined || isTyping(event)) return;
    if (this.run(id)) event.preventDefault();
  };
}

/** Returns the key of an event as it is written in the table of keys, or `undefined` if it has another modifier. */
export function keyOf(press: KeyPress): string | undefined {
  // AltGr, which types `[` on many keyboards, is reported as Ctrl and Alt on some systems.
  if (press.getModifierState?.('AltGraph') === true) return press.key;
  if (press.altKey) return undefined;
  return (press.ctrlKey || press.metaKey ? 'mod+' : '') + press.key;
}

/** Returns the action of a key, or `undefined`. */
export function findAction(press: KeyPress, { singleKeys, keys }: KeyPreferences): ActionId | undefined {
  const name = keyOf(press);
  if (name === undefined || !(singleKeys || NAMED.test(name))) return undefined;
  return (Object.keys(BINDINGS) as ActionId[]).find((id) => keysOf(keys, id).includes(name));
}

/** Returns whether a key belongs to the element that has the focus, rather than to the page. */
function isTyping(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return false;
  // A dialog handles its keys itself, and closes with Escape.
  if (document.querySelector('dialog:modal') !== null) return true;
  if (target.closest('[data-keys="own"]') !== null && key !== 'Escape') return true;
  if (keyOf(event)?.startsWith('mod+') === true) return false;
  if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) return true;
  if (target.isContentEditable) return true;
  // Enter and arrows belong to the control that has the focus.
  const isControl = target.matches(
    'button, a[href], summary, input, [role=tab], [role=radio], [role=option]',
  );
  return isControl && /^(Enter| |Arrow.*|Home|End)$/.test(key);
}
