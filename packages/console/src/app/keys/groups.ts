import type { MessageKey } from '../i18n/en';
import type { ActionId } from './bindings';

/** The actions by what they act on, in the order of the list of keys. */
export const GROUPS: readonly { readonly label: MessageKey; readonly actions: readonly ActionId[] }[] = [
  {
    label: 'keys.group.query',
    actions: [
      'focusQuery',
      'time',
      'earlier',
      'later',
      'zoomOut',
      'zoomIn',
      'compare',
      'live',
      'pause',
      'saveView',
    ],
  },
  {
    label: 'keys.group.rows',
    actions: [
      'next',
      'previous',
      'open',
      'back',
      'top',
      'bottom',
      'nextError',
      'previousError',
      'filter',
      'exclude',
      'context',
      'copyLink',
      'copyMarkdown',
    ],
  },
  { label: 'keys.group.panels', actions: ['similar', 'facets', 'detail', 'palette', 'help'] },
];
