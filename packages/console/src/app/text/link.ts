/** A URL that may be opened. */
export interface Link {
  readonly href: string;
  /** The host that is opened, if it is not written like this in the text: `xn--pple-43d.com` for a host with a Cyrillic a. */
  readonly host?: string;
}

const MAX_LENGTH = 2_000;

/**
 * Returns the link of a text that is a URL: http or https only, and without a user name, which looks like a host.
 *
 * Letters of other scripts can look like Latin ones. No list of them is complete, so every host that a browser writes in
 * another way than the text is returned, also if it is harmless.
 */
export function linkOf(text: string): Link | undefined {
  const [, written] = /^https?:\/\/([^\s/?#\\]+)\S*$/i.exec(text) ?? [];
  if (written === undefined || text.length > MAX_LENGTH || !URL.canParse(text)) return undefined;
  const { href, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return undefined;
  // A browser reads a backslash as a slash, so that what follows it only looks like the host.
  const isWritten = written.toLowerCase().replace(/:\d*$/, '') === hostname && !text.includes('\\');
  return isWritten ? { href } : { href, host: hostname };
}
