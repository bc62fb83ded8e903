import type { MessageKey } from '../i18n/en';

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  Enter: '↵',
};
const isMac = /Mac|iP/.test(globalThis.navigator?.platform ?? '');

/** Returns the name of a key on this machine and in the current language. */
export function keyName(key: string, t: (key: MessageKey) => string): string {
  if (key.startsWith('mod+')) {
    const letter = key.slice(4);
    const shift = letter === letter.toLowerCase() ? '' : '⇧';
    return `${isMac ? '⌘' : t('keys.ctrl')}+${shift}${letter.toUpperCase()}`;
  }
  return key === ' ' ? t('keys.space') : (SYMBOLS[key] ?? key);
}
