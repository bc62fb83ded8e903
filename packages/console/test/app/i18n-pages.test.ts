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
});
