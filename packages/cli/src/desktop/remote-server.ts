import { reasonOf, withTimeout } from '@vigilant/core/adapter';
import type { System } from '../system/system';
import { CliError, UsageError } from '../system/system';

/** How long a server may take to answer, in milliseconds. */
const ANSWER_MS = 10_000;

type Context = Pick<System, 'clock' | 'stopping'>;

/** Checks and completes the URL of a server. @throws {UsageError} */
export function parseServerUrl(text: string): string {
  const fail = (reason: string): UsageError =>
    new UsageError(`--connect: "${text}" ${reason}. Give an address such as http://127.0.0.1:50052/.`);
  if (!URL.canParse(text)) throw fail('is not a URL');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw fail('does not begin with http:// or https://');
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--connect: The URL contains a name or password, which every user of this machine could read. Leave them out.',
    );
  if (url.search !== '' || url.hash !== '') throw fail('has a query or a fragment');
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/**
 * Checks that a server of Vigilant answers at a URL, and serves the console.
 *
 * @throws {CliError} that names the URL and the remedy
 */
export async function checkServer(url: string, context: Context): Promise<void> {
  const status = await request(new URL('v1/status', url), context);
  if (status.status === 401 || status.status === 403)
    throw new CliError(
      `${url} requires authorisation (status ${status.status}), which a window of its own does not have. ` +
        'Open the address in a browser and log in there.',
    );
  const location = status.headers.get('location');
  if (location !== null)
    throw new CliError(
      `${url} redirects to ${location}. If that is a login page, open the address in a browser; otherwise connect to the new address.`,
    );
  if (!(await isStatus(status)))
    throw new CliError(
      `${url} is not a Vigilant server: ${url}v1/status answered with status ${status.status}. ` +
        'Give the address of its console, which `npm start` prints.',
    );
  const page = await request(new URL(url), context);
  await page.body?.cancel();
  if (!page.ok)
    throw new CliError(
      `${url} is a Vigilant server without the console (status ${page.status}). Set the option \`console\` of its HTTP server.`,
    );
}

async function request(url: URL, { clock, stopping }: Context): Promise<Response> {
  const aborting = new AbortController();
  const fail = (reason: string): CliError =>
    new CliError(
      `${url.href} cannot be reached: ${reason}. Start the server, or check the address and the network.`,
    );
  const answer = fetch(url, { redirect: 'manual', signal: aborting.signal }).catch((error: unknown) => {
    throw fail(causeOf(error));
  });
  try {
    return await withTimeout(answer, {
      clock,
      timeoutMs: ANSWER_MS,
      signal: stopping,
      onTimeout: () => {
        throw fail(`it did not answer within ${ANSWER_MS / 1000} s`);
      },
    });
  } catch (error) {
    aborting.abort();
    throw error;
  }
}

/** Returns why a request failed. The cause of an error has no message if several addresses failed. */
function causeOf(error: unknown): string {
  const { cause } = error as Error;
  return reasonOf(cause) || String((cause as NodeJS.ErrnoException).code);
}

async function isStatus(response: Response): Promise<boolean> {
  const body: unknown = await response.json().catch(() => undefined);
  return response.ok && typeof body === 'object' && body !== null && 'version' in body && 'scheduler' in body;
}
