import type { EventInput } from '@vigilant/core';

/** Returns a deterministic generator of numbers from 0 to before 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Kinds of events of a shop: weight, level, source, message and data. `#` is replaced by a number. */
const KINDS = [
  [30, 'INFO', 'gateway', 'GET /api/products/# 200', { ms: 18 }],
  [14, 'INFO', 'gateway', 'POST /api/checkout 202', { ms: 41 }],
  [10, 'INFO', 'catalog', 'price list refreshed', { items: 4210, ms: 96 }],
  [8, 'INFO', 'auth', 'login ok', { method: 'passkey' }],
  [7, 'INFO', 'worker', 'job invoice.pdf finished', { ms: 412 }],
  [3, 'INFO', 'mailer', 'receipt sent', { provider: 'ses' }],
  [12, 'DEBUG', 'catalog', 'cache miss product:#', { ms: 3 }],
  [6, 'DEBUG', 'worker', 'heartbeat', { queue: 'invoices', idle: 4 }],
  [4, 'WARN', 'gateway', 'rate limit hit for 10.0.4.17', { limit: 200, window: '60s' }],
  [3, 'WARN', 'billing', 'retry 2 of 3 to provider after ECONNRESET', { waitMs: 800 }],
  [
    2,
    'ERROR',
    'billing',
    'payment # declined: card_declined',
    { provider: { name: 'acme-pay', sandbox: false } },
  ],
] as const;

const TOTAL_WEIGHT = KINDS.reduce((sum, [weight]) => sum + weight, 0);

const STACK = `ProviderTimeoutError: provider timed out after 5000 ms
    at chargeCard (src/billing/charge.ts:88:13)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async Client.request (/app/node_modules/undici/lib/api.js:41:9)
    at async settleOrder (src/billing/settle.ts:41:20)
    at async handleCheckout (src/http/checkout.ts:129:7)`;

/** Returns events of a shop that end at a time, oldest first. The last fifth has an incident. */
export function shopEvents(count: number, until: number, spanMs: number): EventInput[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, index) => {
    const number = 1 + Math.floor(random() * 9_000);
    const isIncident = index > count * 0.9 && random() < 0.2;
    let left = random() * TOTAL_WEIGHT;
    const [, level, source, message, data] = KINDS.find(([weight]) => (left -= weight) < 0) ?? KINDS[0];
    const timestamp = until - spanMs + Math.floor((index / count) * spanMs);
    const common = {
      id: `shop-${String(index).padStart(7, '0')}`,
      timestamp,
      origin: index % 5 < 3 ? 'shop-eu-1' : 'shop-eu-2',
      type: 'log',
      group: source === 'billing' ? 'payments' : 'default',
      tags: source === 'billing' ? ['payment', 'retry'] : source === 'catalog' ? ['cache'] : [],
    };
    const traceId = `t-${Math.floor(index / 4)}`;
    if (isIncident)
      return {
        ...common,
        level: 'ERROR',
        source: 'billing',
        group: 'payments',
        tags: ['payment', 'retry'],
        message: `charge failed for order ${80_000 + number}: provider timed out after 5000 ms`,
        data: {
          orderId: 80_000 + number,
          userId: 42,
          traceId,
          provider: { name: 'acme-pay', timeoutMs: 5000, sandbox: false },
          cart: ['WS-0042', 'WS-0043', 'WS-0044'],
          error: { name: 'ProviderTimeoutError', message: 'provider timed out after 5000 ms', stack: STACK },
        },
      };
    return {
      ...common,
      level,
      source,
      message: message.replace('#', String(number)),
      data: { ...data, userId: number, traceId },
    };
  });
}
