import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Browser } from '../../src/browser/browser';
import type { Instance } from '../../src/desktop/instance';
import type { NewWindow, Source } from '../../src/desktop/source';
import { runWindows } from '../../src/desktop/windows';

type End = { readonly failure: string | undefined };

/** Runs windows whose parts are under the control of the test. */
function start() {
  const opened: string[] = [];
  let disposed = 0;
  let prepared = 0;
  let closeLast: (end: End) => void = () => {};
  let finishClosing: (summary: undefined) => void = () => {};
  let askToOpen: () => Promise<void> = async () => {};
  const prepare = async (): Promise<NewWindow> => {
    prepared += 1;
    await setImmediate();
    const dispose = async (): Promise<void> => void (disposed += 1);
    return { url: `window-${prepared}`, opened: Promise.resolve(true), dispose };
  };
  const source: Source = {
    url: '',
    placementUrl: '',
    prepareWindow: prepare,
    untilUnused: async () => {},
    close: () => new Promise((resolve) => (finishClosing = resolve)),
  };
  const browser: Browser = {
    name: 'Chromium',
    open: async (url) => void opened.push(url),
    ended: new Promise((resolve) => (closeLast = resolve)),
    close: async () => {},
  };
  const instance: Instance = {
    onOpen: (open) => (askToOpen = open),
    stopAnswering: () => {},
    close: async () => {},
  };
  const stopping = new AbortController().signal;
  const ended = runWindows({ source, browser, instance, stopping, print: () => {} });
  return {
    ended,
    opened,
    disposed: () => disposed,
    askToOpen: () => askToOpen(),
    closeLast: () => closeLast({ failure: undefined }),
    finishClosing: () => finishClosing(undefined),
  };
}

describe('runWindows', () => {
  it('opens a window for each later start', async () => {
    const { ended, opened, askToOpen, closeLast, finishClosing } = start();
    await expect.poll(() => opened).toHaveLength(1);
    await askToOpen();
    expect(opened).toEqual(['window-1', 'window-2']);
    closeLast();
    await setImmediate();
    finishClosing();
    await ended;
  });

  it('opens no window once the last one is closed', async () => {
    const { ended, opened, askToOpen, closeLast, finishClosing } = start();
    await expect.poll(() => opened).toHaveLength(1);
    closeLast();
    await setImmediate();
    await askToOpen();
    expect(opened).toEqual(['window-1']);
    finishClosing();
    await ended;
  });

  it('does not open a window that is being prepared when the last one is closed', async () => {
    const { ended, opened, disposed, askToOpen, closeLast, finishClosing } = start();
    await expect.poll(() => opened).toHaveLength(1);
    closeLast();
    const asked = askToOpen();
    await asked;
    expect(disposed()).toBe(2);
    finishClosing();
    await ended;
    expect(opened).toEqual(['window-1']);
  });
});
