import type { ApiEvent } from '../api/types';
import type { KeyMap } from '../keys/key-map';
import type { EventActions } from './event-actions';
import type { EventList } from './rows/event-list';
import type { RowAction } from './rows/row-actions.svelte';

/** Commands that the keys of the page run. */
export interface ExploreCommands {
  readonly actions: EventActions;
  list(): EventList;
  /** Index of the row with the focus, or -1. */
  active(): number;
  /** The event that keys act on. */
  target(): ApiEvent | undefined;
  move(direction: 1 | -1): void;
  focusAt(index: number): void;
  /** Whether the detail shows an event. */
  isOpen(event: ApiEvent): boolean;
  open(event: ApiEvent): void;
  close(): void;
  back(): void | false;
  act(action: RowAction, event: ApiEvent): void;
  showContext(event: ApiEvent): void;
  zoomBy(direction: 'in' | 'out'): void;
  toggleFacets(): void;
  toggleComparison(): void;
}

/** Attaches the keys of the page. Returns a function that removes them. */
export function attachKeys(keys: KeyMap, commands: ExploreCommands): () => void {
  /** Runs an action on the event that keys act on, if there is one. */
  const onTarget = (run: (event: ApiEvent) => unknown) => () => {
    const event = commands.target();
    if (event === undefined) return false;
    run(event);
  };
  const findError = (direction: 1 | -1) => () => {
    const list = commands.list();
    const index = list.find(
      commands.active(),
      direction,
      (row) => row.kind === 'event' && row.event.level === 'ERROR',
    );
    if (index !== -1) commands.focusAt(index);
  };
  return keys.attach({
    next: () => commands.move(1),
    previous: () => commands.move(-1),
    top: () => commands.focusAt(0),
    bottom: () => commands.focusAt(commands.list().length - 1),
    open: onTarget((event) => commands.open(event)),
    detail: onTarget((event) => (commands.isOpen(event) ? commands.close() : commands.open(event))),
    back: () => commands.back(),
    nextError: findError(1),
    previousError: findError(-1),
    filter: onTarget((event) => commands.act('filter', event)),
    exclude: onTarget((event) => commands.act('exclude', event)),
    context: onTarget((event) => commands.showContext(event)),
    copyLink: onTarget((event) => commands.actions.copyLink(event)),
    copyMarkdown: onTarget((event) => commands.actions.copyMarkdown(event)),
    zoomIn: () => commands.zoomBy('in'),
    zoomOut: () => commands.zoomBy('out'),
    facets: () => commands.toggleFacets(),
    compare: () => commands.toggleComparison(),
  });
}
