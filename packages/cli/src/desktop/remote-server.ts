import { reasonOf, withTimeout } from '@vigilant/core/adapter';
import type { System } from '../system/system';
import { CliError, UsageError } from '../system/system';

/** How long a server may take to answer, in milliseconds. */
const ANSWER_MS = 10_000;

type Context = Pick<System, 'clock' | 'stopping'>;

/** Checks and completes the URL of a server. @throws {UsageError} */
export function parseServerUrl(text: string): string {
  const fail = (reason: string): UsageError =>
    new UsageError(`--connect: "${text}" ${reason}. Pass an address such as http://127.0.0.1:50052/.`);
  if (!URL.canParse(text)) throw fail('is not a URL');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw fail('does not begin with http:// or https://');
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--connect: The URL contains a user name or password, which every user of this machine could read. Remove them.',
    );
  if (url.search !== '' || url.hash !== '') throw fail('has a query string or a fragment');
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/**
 * Checks that a Vigilant server answers at a URL and serves the console.
 *
 * @throws {CliError} if it does not. The message names the URL and the remedy.
 */
export async function checkServer(url: string, context: Context): Promise<void> {
  const { status, location, isVigilant } = await request(new URL('v1/status', url), context, readStatus);
  if (status === 401 || status === 403)
    throw new CliError(
      `${url} requires authorisation (status ${status}), which the desktop window does not support. ` +
        'Open the address in a browser and log in there.',
    );
  if (location !== null)
    throw new CliError(
      `${url} redirects to ${location}. If that is a login page, open the address in a browser; otherwise connect to the new address.`,
    );
  if (!isVigilant)
    throw new CliError(
      `${url} is not a Vigilant server: ${url}v1/status answered with status ${status}. ` +
        'Pass the address of its console, which `npm start` prints.',
    );
  const page = await request(new URL(url), context, async (response) => response);
  if (!page.ok)
    throw new CliError(
      `${url} is a Vigilant server without the console (status ${page.status}). Set the option \`console\` of its HTTP server.`,
    );
}

/** Sends a request and reads its response, both within the time limit. The rest of the response is discarded. */
async function request<T>(
  url: URL,
  { clock, stopping }: Context,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const aborting = new AbortController();
  const fail = (reason: string): CliError =>
    new CliError(
      `${url.href} cannot be reached: ${reason}. Start the server, or check the address and the network.`,
    );
  const response = fetch(url, { redirect: 'manual', signal: aborting.signal }).catch((error: unknown) => {
    throw fail(causeOf(error));
  });
  try {
    return await withTimeout(response.then(read), {
      clock,
      timeoutMs: ANSWER_MS,
      signal: stopping,
      onTimeout: () => {
        throw fail(`it did not answer within ${ANSWER_MS / 1000} s`);
      },
    });
  } finally {
    aborting.abort();
  }
}

/** Returns why a request failed. The cause has only a code if several addresses failed. */
function causeOf(error: unknown): string {
  const { cause } = error as Error;
  return reasonOf(cause) || String((cause as NodeJS.ErrnoException).code);
}

/** The response to a request for the status of a server. */
interface StatusResponse {
  readonly status: number;
  /** Target of a redirect. */
  readonly location: string | null;
  readonly isVigilant: boolean;
}

async function readStatus(response: Response): Promise<StatusResponse> {
  const { status, ok, headers } = response;
  const isVigilant = ok && isStatus(await response.json().catch(() => undefined));
  return { status, location: headers.get('location'), isVigilant };
}

function isStatus(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'version' in body && 'scheduler' in body;
}
