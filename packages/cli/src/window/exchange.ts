import type { HttpHandler } from '@vigilant/http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tickets } from './tickets';

/** Maximum size of the posted form, in bytes. */
const MAX_FORM_BYTES = 1_024;

/** Dependencies of the exchange. */
export interface ExchangeParts {
  readonly handler: HttpHandler;
  readonly tickets: Tickets;
  /** Host and port of the server. */
  readonly host: string;
}

/** Returns whether a request posts a ticket. */
export function isExchange({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === '/';
}

/**
 * Answers the form of a window file with the page of the console, which carries the token of the session.
 *
 * The origin of a file is `null`. Pages of other sites can send this origin too, but have no ticket.
 */
export async function exchangeTicket(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { handler, tickets, host }: ExchangeParts,
): Promise<void> {
  const { headers } = incoming;
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  if (headers.host !== host || headers.origin !== 'null' || !isForm) return reject(outgoing);
  const form = await readForm(incoming);
  if (form === undefined) return reject(outgoing);
  const session = tickets.redeem(form.get('ticket') ?? '');
  if (session === undefined) return reject(outgoing);
  const page = await handler.fetch(new Request(`http://${host}/`, { headers: { host } }));
  const html = withSession(await page.text(), session);
  outgoing.writeHead(page.status, {
    ...Object.fromEntries(page.headers),
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
  });
  outgoing.end(html);
}

/** Reads a form. Resolves to `undefined` if it is too large or incomplete. */
async function readForm(incoming: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The connection stays open for the response.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > MAX_FORM_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** Adds the token to a page. The console removes the element first. */
function withSession(html: string, session: string): string {
  return html.replace('<head>', () => `<head><meta name="vigilant-session" content="${session}">`);
}

const REJECTION = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Vigilant</title>
<p>This window link is not valid or has already been used. Run <code>vigilant desktop</code> again.</p>
</html>
`;

function reject(outgoing: ServerResponse): void {
  outgoing.writeHead(403, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(REJECTION),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  outgoing.end(REJECTION);
}
