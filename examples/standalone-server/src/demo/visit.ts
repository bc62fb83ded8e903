import type { EventInput, Level } from '@vigilant/core';
import type { Random } from './random';

/** Appends an event of a service to a visit. */
type Add = (source: string, level: Level, message: string, data?: object, tags?: readonly string[]) => void;

/** Inputs of a visit. */
export interface VisitContext {
  readonly random: Random;
  /** Start of the visit in milliseconds since the epoch. */
  readonly start: number;
  /** Unique within the demo. */
  readonly orderId: number;
  /** Whether the payment provider is slow at this time. */
  readonly isProviderSlow: boolean;
}

/** Returns the events of one visitor of the shop, oldest first. They share a trace id. */
export function visitShop(context: VisitContext): readonly EventInput[] {
  const { random, start } = context;
  const trace = { traceId: random.hex(32), userId: random.integer(1, 5_000) };
  const events: EventInput[] = [];
  let at = start;
  const add: Add = (source, level, message, data = {}, tags = []) => {
    at += random.integer(3, 90);
    const type = level === 'DEBUG' ? 'metric' : 'log';
    events.push({
      id: `demo-${start}-${context.orderId}-${events.length}`,
      timestamp: at,
      level,
      message,
      origin: `shop-${(context.orderId % 2) + 1}`,
      source,
      type,
      group: 'demo',
      tags,
      data: { ...data, ...trace },
    });
  };
  const steps = [browse, browse, logIn, searchProducts, checkOut, checkOut, runJob] as const;
  random.pick(steps)(add, context);
  return events;
}

function browse(add: Add, { random }: VisitContext): void {
  const product = random.integer(1_000, 9_999);
  const isCached = random.chance(0.7);
  add('catalog', 'DEBUG', `cache ${isCached ? 'hit' : 'miss'} product:${product}`, {
    ms: random.integer(0, 4),
  });
  add('gateway', 'INFO', `GET /api/products/${product} 200`, { ms: random.integer(4, isCached ? 20 : 90) });
}

function logIn(add: Add, { random }: VisitContext): void {
  const method = random.pick(['passkey', 'password', 'password']);
  if (method === 'password' && random.chance(0.15)) {
    const attempt = random.integer(2, 5);
    add(
      'auth',
      'WARN',
      `password attempt ${attempt} of 5 failed`,
      { ip: `203.0.113.${random.integer(1, 254)}` },
      ['security'],
    );
    return;
  }
  add('auth', 'INFO', 'login succeeded', { method });
  add('gateway', 'INFO', 'POST /api/session 201', { ms: random.integer(20, 80) });
}

function searchProducts(add: Add, { random }: VisitContext): void {
  const term = random.pick(['wool socks', 'café mug', 'Übergrößen', '茶碗', 'rain jacket']);
  const products = random.integer(0, 60);
  add('catalog', 'INFO', `search "${term}" returned ${products} products`, {
    term,
    products,
    ms: random.integer(8, 60),
  });
}

function checkOut(add: Add, context: VisitContext): void {
  const { random, orderId, isProviderSlow } = context;
  const order = { orderId, amount: random.integer(500, 25_000) / 100, currency: 'EUR' };
  add('gateway', 'INFO', 'POST /api/checkout 202', { ms: random.integer(20, 60) });
  add('orders', 'INFO', `order ${orderId} placed`, { ...order, items: random.integer(1, 6) }, ['order']);
  if (isProviderSlow && random.chance(0.6)) {
    failPayment(add, context, order);
    return;
  }
  if (random.chance(0.08)) {
    const reason = random.pick(['card_declined', 'insufficient_funds', 'expired_card']);
    add('billing', 'ERROR', `payment for order ${orderId} declined: ${reason}`, { ...order, reason }, [
      'payment',
    ]);
    add('gateway', 'WARN', `checkout of order ${orderId} returned to the payment page`, { status: 402 });
    return;
  }
  add('billing', 'INFO', `payment for order ${orderId} accepted`, { ...order, ms: random.integer(80, 400) }, [
    'payment',
  ]);
  add('mailer', 'INFO', `receipt of order ${orderId} sent`, { orderId, provider: 'ses' });
}

function failPayment(add: Add, { random }: VisitContext, order: { readonly orderId: number }): void {
  const { orderId } = order;
  for (const attempt of [1, 2])
    add(
      'billing',
      'WARN',
      `retry ${attempt} of 2 to the payment provider after ECONNRESET`,
      { orderId, attempt, waitMs: 400 * attempt },
      ['payment'],
    );
  const error = {
    name: 'ProviderTimeout',
    message: 'The payment provider did not answer within 5000 ms',
    stack: [
      'ProviderTimeout: The payment provider did not answer within 5000 ms',
      '    at charge (/app/src/billing/provider.js:88:11)',
      '    at async chargeOrder (/app/src/billing/charge.js:41:5)',
      '    at async Layer.handle (/app/node_modules/router/lib/layer.js:152:17)',
      '    at async checkout (/app/src/orders/checkout.js:63:3)',
    ].join('\n'),
  };
  add('billing', 'ERROR', `charge for order ${orderId} failed: provider timed out`, { ...order, error }, [
    'payment',
    'incident',
  ]);
  add('gateway', 'ERROR', 'POST /api/checkout 502', { orderId, ms: random.integer(5_000, 5_400) });
}

function runJob(add: Add, { random, orderId }: VisitContext): void {
  const job = random.pick(['invoice.pdf', 'cart.expire', 'stock.sync']);
  add('worker', 'INFO', `job ${job} started`, { job });
  if (job === 'stock.sync' && random.chance(0.2))
    add('worker', 'WARN', 'stock level is below the minimum', {
      sku: `WS-${orderId % 100}`,
      left: random.integer(0, 5),
    });
  add('worker', 'INFO', `job ${job} finished`, { job, ms: random.integer(40, 900) });
}
