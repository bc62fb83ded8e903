import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../system/system';

/** Name of the file in the folder of a window. It is part of the key by which Chromium saves the position of the window. */
const NAME = 'window.html';

/** Maximum number of windows that wait for their browser at the same time. */
const MAX_WAITING = 16;

/** A file that opens a window when a browser shows it. */
export interface WindowFile {
  /** `file:` URL. */
  readonly url: string;
  /** Deletes the file and its folder. */
  delete(): Promise<void>;
}

/**
 * Writes a page that exchanges a ticket for the console. The browser is started with the path of the page instead of the
 * ticket, because every user of the machine can read the command line of a process.
 *
 * @param parent - A folder that only this user may open.
 * @param action - URL of the server that accepts the ticket.
 */
export async function writeWindowFile(parent: string, action: string, ticket: string): Promise<WindowFile> {
  const folder = await createNumberedFolder(parent);
  const file = join(folder, NAME);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(file, windowPage(action, ticket), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    await remove();
    throw error;
  }
  return { url: pathToFileURL(file).href, delete: remove };
}

/** Returns the URL of the file of the first window, without creating the file. */
export function firstWindowUrl(parent: string): string {
  return pathToFileURL(join(parent, '1', NAME)).href;
}

/** Creates a folder with the lowest free number. The first window has the same path each time. */
async function createNumberedFolder(parent: string): Promise<string> {
  for (let number = 1; number <= MAX_WAITING; number += 1) {
    const folder = join(parent, String(number));
    try {
      await mkdir(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new CliError(
    `${MAX_WAITING} windows are waiting for their browser, which is the limit. Wait until they are open.`,
  );
}

const SCRIPT = 'document.forms[0].submit()';

/** Returns a page that posts the ticket at once. Shows a button if scripts are turned off. */
function windowPage(action: string, ticket: string): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; form-action ${action}; base-uri 'none'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Vigilant</title>
<form method="post" action="${action}">
<input type="hidden" name="ticket" value="${ticket}">
<noscript><button>Open Vigilant</button></noscript>
</form>
<script>${SCRIPT}</script>
</html>
`;
}
