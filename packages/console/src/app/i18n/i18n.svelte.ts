import { en, type Message, type MessageKey } from './en';
import { LOCALES, type Locale } from './locales';
import { translate, type Parameters } from './translate';

/** The current language: messages, numbers and dates. Components that read it update when the language changes. */
export class I18n {
  #locale = $state.raw<Locale>(LOCALES[0] as Locale);
  #catalog = $state.raw<Readonly<Partial<Record<MessageKey, Message>>>>(en);
  /** The language that was chosen last, which may not be loaded yet. */
  #chosen = this.#locale;
  /** Set once the messages of the pages besides Explore are needed. */
  #pages: Promise<void> | undefined;

  get locale(): Locale {
    return this.#locale;
  }

  /** Changes the language, once its messages are loaded. */
  async use(locale: Locale): Promise<void> {
    this.#chosen = locale;
    const catalog = await locale.load();
    const pages = this.#pages === undefined ? {} : await locale.loadPages();
    if (locale !== this.#chosen) return;
    this.#catalog = { ...catalog, ...pages };
    this.#locale = locale;
  }

  /** Loads the messages of the pages besides Explore, also for languages that are used later. */
  loadPages(): Promise<void> {
    return (this.#pages ??= this.#addPages(this.#locale));
  }

  async #addPages(locale: Locale): Promise<void> {
    try {
      const pages = await locale.loadPages();
      if (locale === this.#locale) this.#catalog = { ...this.#catalog, ...pages };
    } catch (error) {
      // The next call tries again.
      this.#pages = undefined;
      throw error;
    }
  }

  /** Returns a message in the current language. */
  readonly t = (key: MessageKey, parameters?: Parameters): string =>
    translate(this.#catalog, this.#locale.intl, key, parameters);

  /** Formats a number. One that is not exact is preceded by `~`. */
  readonly number = (value: number, isExact = true): string =>
    (isExact ? '' : '~') + format(Intl.NumberFormat, this.#locale.intl).format(value);

  readonly percent = (fraction: number): string =>
    format(Intl.NumberFormat, this.#locale.intl, { style: 'percent', maximumFractionDigits: 1 }).format(
      fraction,
    );

  /** Formats a number with a unit, such as `0.4 s`. */
  readonly unit = (
    value: number,
    unit: string,
    maximumFractionDigits = 1,
    unitDisplay: 'short' | 'narrow' = 'short',
  ): string =>
    format(Intl.NumberFormat, this.#locale.intl, {
      style: 'unit',
      unit,
      unitDisplay,
      maximumFractionDigits,
    }).format(value);

  /** Formats a number with a fixed number of decimals. */
  readonly fixed = (value: number, digits: number): string =>
    format(Intl.NumberFormat, this.#locale.intl, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);

  /** Formats a size in bytes. */
  readonly bytes = (value: number): string => {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
    const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    return this.unit(value / 1_000 ** power, units[power] ?? 'byte');
  };

  /** Formats a time in a zone. */
  readonly date = (ms: number, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
    format(Intl.DateTimeFormat, this.#locale.intl, { hourCycle: 'h23', ...options, timeZone }).format(ms);
}

interface Formatter<Options, Value> {
  new (locale: string, options?: Options): { format(value: Value): string };
}

const formatters = new Map<string, { format(value: number): string }>();

/** Returns a formatter. They are kept, because creating one costs more than a hundred uses. */
function format<Options>(
  Type: Formatter<Options, number>,
  locale: string,
  options?: Options,
): { format(value: number): string } {
  const key = `${Type.name} ${locale} ${JSON.stringify(options)}`;
  const formatter = formatters.get(key) ?? new Type(locale, options);
  formatters.set(key, formatter);
  return formatter;
}
