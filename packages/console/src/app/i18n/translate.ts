import type { Message, MessageKey } from './en';

export type Parameters = Readonly<Record<string, string | number>>;

/**
 * Formats a message. Numbers are formatted for the locale, and `count` selects the plural form.
 */
export function translate(
  catalog: Readonly<Partial<Record<MessageKey, Message>>>,
  locale: string,
  key: MessageKey,
  parameters: Parameters = {},
): string {
  const text = select(catalog[key] ?? key, locale, parameters['count']);
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = parameters[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? numberFormat(locale).format(value) : value;
  });
}

function select(message: Message, locale: string, count: string | number | undefined): string {
  if (typeof message === 'string') return message;
  if (typeof count !== 'number') return message.other;
  return message[pluralRules(locale).select(count)] ?? message.other;
}

const numberFormat = memoize((locale) => new Intl.NumberFormat(locale));
const pluralRules = memoize((locale) => new Intl.PluralRules(locale));

function memoize<T>(create: (locale: string) => T): (locale: string) => T {
  const known = new Map<string, T>();
  return (locale) => {
    const found = known.get(locale) ?? create(locale);
    known.set(locale, found);
    return found;
  };
}
