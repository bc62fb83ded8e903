import { describe, expect, it } from 'vitest';
import { I18n } from '../../src/app/i18n/i18n.svelte';
import { findLocale } from '../../src/app/i18n/locales';

describe('I18n.loadPages', () => {
  it('adds the messages of the other pages, in each language that is used from then on', async () => {
    const i18n = new I18n();
    await i18n.use(findLocale(['en']));
    await i18n.loadPages();
    expect([i18n.t('app.close'), i18n.t('send.send')]).toEqual(['Close', 'Send']);
    await i18n.use(findLocale(['de']));
    expect([i18n.t('app.close'), i18n.t('send.send')]).toEqual(['Schließen', 'Senden']);
  });

  it('does not mix languages when the language changes during the load', async () => {
    const i18n = new I18n();
    let finish = (): void => {};
    const english = findLocale(['en']);
    await i18n.use({
      ...english,
      loadPages: () => new Promise((resolve) => (finish = () => void english.loadPages().then(resolve))),
    });
    const pages = i18n.loadPages();
    await i18n.use(findLocale(['de']));
    finish();
    await pages;
    expect(i18n.t('send.send')).toBe('Senden');
  });

  it('loads the messages again after a failure', async () => {
    const i18n = new I18n();
    let isReachable = false;
    const english = findLocale(['en']);
    await i18n.use({
      ...english,
      loadPages: () => (isReachable ? english.loadPages() : Promise.reject(new Error('unreachable'))),
    });
    await expect(i18n.loadPages()).rejects.toThrow('unreachable');
    isReachable = true;
    await i18n.loadPages();
    expect(i18n.t('send.send')).toBe('Send');
  });
});

describe('I18n.use', () => {
  it('keeps the language that was chosen last when an earlier one arrives later', async () => {
    const i18n = new I18n();
    let finish = (): void => {};
    const german = findLocale(['de']);
    const slow = i18n.use({
      ...german,
      load: () => new Promise((resolve) => (finish = () => void german.load().then(resolve))),
    });
    await i18n.use(findLocale(['en']));
    finish();
    await slow;
    expect([i18n.locale.tag, i18n.t('app.close')]).toEqual(['en', 'Close']);
  });
});
