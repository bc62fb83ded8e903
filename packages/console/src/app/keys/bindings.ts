/**
 * The keys of each action, as in `KeyboardEvent.key`; `mod+` is Ctrl, or Command on a Mac. The user may change them.
 *
 * Pages attach handlers by the name of the action, whose label is the message `key.NAME`.
 */
export const BINDINGS = {
  focusQuery: ['/'],
  time: ['d'],
  earlier: [','],
  later: ['.'],
  zoomOut: ['-'],
  zoomIn: ['+', '='],
  compare: ['p'],
  live: ['t'],
  pause: [' '],
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  open: ['Enter'],
  back: ['Escape'],
  top: ['g', 'Home'],
  bottom: ['G', 'End'],
  nextError: ['n'],
  previousError: ['N'],
  filter: ['f'],
  exclude: ['x'],
  context: ['c'],
  copyLink: ['y'],
  copyMarkdown: ['Y'],
  similar: ['s'],
  facets: ['['],
  detail: [']'],
  saveView: ['mod+s'],
  palette: ['mod+k'],
  help: ['?'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ActionId = keyof typeof BINDINGS;

/** Keys that the user has changed, by the name of the action. Each entry replaces all keys of the action. */
export type KeyChanges = Readonly<Partial<Record<ActionId, readonly string[]>>>;

/** Returns the keys of an action. */
export function keysOf(changes: KeyChanges, id: ActionId): readonly string[] {
  return changes[id] ?? BINDINGS[id];
}
