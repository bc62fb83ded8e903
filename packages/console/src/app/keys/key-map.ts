import { BINDINGS, type ActionId, type Binding } from './bindings';

/** The parts of a `KeyboardEvent` that select an action. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Handles an action. `false` leaves the key to the browser and to earlier handlers. */
export type Handler = (event: KeyboardEvent) => void | false;

/** Keys without modifiers that act also if single keys are turned off, because assistive software does not type them. */
const NAMED = /^.{2,}$/u;

/** Handlers of actions. The handler that was attached last has precedence, so that a dialog can cover a page. */
export class KeyMap {
  readonly #handlers = new Map<ActionId, Handler[]>();
  /** Whether keys such as `j` act (WCAG 2.1.4). */
  #singleKeys: () => boolean;

  constructor(singleKeys: () => boolean) {
    this.#singleKeys = singleKeys;
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

  /** Handles a key of the page. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    const id = findAction(event, this.#singleKeys());
    if (event.defaultPrevented || id === undefined || isTyping(event)) return;
    for (const handler of this.#handlers.get(id) ?? []) {
      if (handler(event) === false) continue;
      event.preventDefault();
      return;
    }
  };
}

/** Returns the action of a key, or `undefined`. */
export function findAction(press: KeyPress, singleKeys: boolean): ActionId | undefined {
  if (press.altKey) return undefined;
  const mod = press.ctrlKey || press.metaKey ? 'mod+' : '';
  const name = mod + press.key;
  const found: (Binding & { readonly id: ActionId }) | undefined = BINDINGS.find(({ keys }) =>
    (keys as readonly string[]).includes(name),
  );
  return found !== undefined && (singleKeys || NAMED.test(name)) ? found.id : undefined;
}

/** Returns whether a key belongs to the element that has the focus, rather than to the page. */
function isTyping({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[data-keys="own"]') !== null && key !== 'Escape') return true;
  if (ctrlKey || metaKey) return false;
  if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) return true;
  if (target.isContentEditable) return true;
  // Enter and arrows belong to the control that has the focus.
  const isControl = target.matches(
    'button, a[href], summary, input, [role=tab], [role=radio], [role=option]',
  );
  return isControl && /^(Enter| |Arrow.*|Home|End)$/.test(key);
}
