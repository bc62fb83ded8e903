const NAME = 'vigilant-session';

/** The parts of a window that the session uses. */
export interface SessionWindow {
  readonly document: Pick<Document, 'querySelector'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Returns the token of the session, which the server of a desktop window writes into the page. Removes it from the page, and
 * keeps it in this tab for reloads.
 */
export function takeSession(target: SessionWindow): string | undefined {
  const meta = target.document.querySelector<HTMLMetaElement>(`meta[name=${NAME}]`);
  let session = meta?.content;
  if (meta !== null) {
    meta.remove();
    // The page is the answer to a form. Without this, loading it again would send the form again.
    target.history.replaceState(null, '');
  }
  try {
    const { sessionStorage } = target;
    if (session === undefined) session = sessionStorage.getItem(NAME) ?? undefined;
    else sessionStorage.setItem(NAME, session);
  } catch {
    // The browser forbids storage for this page.
  }
  return session;
}
