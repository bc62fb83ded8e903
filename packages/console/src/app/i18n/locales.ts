import { en, type Catalog, type PagesCatalog } from './en';

/** A language of the console. */
export interface Locale {
  /** BCP 47 tag. */
  readonly tag: string;
  /** Locale of `Intl` for numbers and dates. */
  readonly intl: string;
  /** Name in the language itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** Whether the language is offered to users. The pseudo-locale is only for tests. */
  readonly isOffered: boolean;
  readonly load: () => Promise<Catalog>;
  /** Loads the messages of the pages besides Explore. */
  readonly loadPages: () => Promise<PagesCatalog>;
}

/** To add a language, translate `en.ts` and `en-pages.ts` and add an entry here. */
export const LOCALES: readonly Locale[] = [
  {
    tag: 'en',
    intl: 'en-US',
    name: 'English',
    direction: 'ltr',
    isOffered: true,
    load: () => Promise.resolve(en),
    loadPages: () => import('./en-pages').then(({ enPages }) => enPages),
  },
  {
    tag: 'de',
    intl: 'de-DE',
    name: 'Deutsch',
    direction: 'ltr',
    isOffered: true,
    load: () => import('./de').then(({ de }) => de),
    loadPages: () => import('./de-pages').then(({ dePages }) => dePages),
  },
  {
    tag: 'ar-XB',
    intl: 'en-US',
    name: 'Pseudo-locale, right to left',
    direction: 'rtl',
    isOffered: false,
    load: () => import('./pseudo').then(({ createPseudoCatalog }) => createPseudoCatalog(en)),
    loadPages: async () => {
      const [{ createPseudoCatalog }, { enPages }] = await Promise.all([
        import('./pseudo'),
        import('./en-pages'),
      ]);
      return createPseudoCatalog(enPages);
    },
  },
];

/** Returns the first locale that matches one of the wanted tags, otherwise English. */
export function findLocale(wanted: readonly string[]): Locale {
  const english = LOCALES[0] as Locale;
  for (const tag of wanted) {
    const found = LOCALES.find((locale) => locale.tag.toLowerCase() === tag.toLowerCase());
    const similar = LOCALES.find(({ isOffered, ...locale }) => isOffered && locale.tag === tag.slice(0, 2));
    if (found !== undefined || similar !== undefined) return found ?? similar ?? english;
  }
  return english;
}
