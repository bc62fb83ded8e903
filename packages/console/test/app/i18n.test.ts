import { describe, expect, it } from 'vitest';
import { de } from '../../src/app/i18n/de';
import { dePages } from '../../src/app/i18n/de-pages';
import { en, type Message } from '../../src/app/i18n/en';
import { enPages } from '../../src/app/i18n/en-pages';
import { findLocale } from '../../src/app/i18n/locales';
import { createPseudoCatalog } from '../../src/app/i18n/pseudo';
import { translate } from '../../src/app/i18n/translate';

const placeholders = (message: Message): string[] => {
  const text = typeof message === 'string' ? message : message.other;
  return [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();
};

describe('translate', () => {
  it('formats numbers for the locale and selects the plural', () => {
    expect(translate(en, 'en-US', 'status.waiting', { count: 1 })).toBe('1 event is waiting to be stored');
    expect(translate(en, 'en-US', 'status.waiting', { count: 1234 })).toBe(
      '1,234 events are waiting to be stored',
    );
    expect(translate(de, 'de-DE', 'status.waiting', { count: 1234 })).toContain('1.234 Ereignisse');
  });

  it('does not interpret a parameter', () => {
    expect(translate(en, 'en-US', 'status.degraded', { reason: '{reason} <b>$&' })).toBe(
      'Degraded: {reason} <b>$&',
    );
  });
});

describe('the catalogues', () => {
  it.each([
    ['German', { ...de, ...dePages }],
    ['pseudo', { ...createPseudoCatalog(en), ...createPseudoCatalog(enPages) }],
  ])('%s has the keys and the placeholders of the English one', (_, catalog) => {
    const english = { ...en, ...enPages };
    expect(Object.keys(catalog).sort()).toEqual(Object.keys(english).sort());
    for (const key of Object.keys(english) as (keyof typeof english)[])
      expect([key, placeholders(catalog[key])]).toEqual([key, placeholders(english[key])]);
  });

  it('leave no English text in the pseudo-locale', () => {
    expect(translate(createPseudoCatalog(en), 'en-US', 'app.skip')).toMatch(/^\[.*·+\]$/);
  });
});

describe('findLocale', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'en-GB'], 'en'],
    [['ar'], 'en'],
    [['ar-XB'], 'ar-XB'],
    [[], 'en'],
  ])('finds for %j %s', (wanted, tag) => expect(findLocale(wanted).tag).toBe(tag));
});
