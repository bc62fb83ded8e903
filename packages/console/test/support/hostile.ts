import type { EventInput } from '@vigilant/core';

const MARKUP = `"><img src=x onerror="alert('markup')"><script>alert('script')</script>{{7*7}}\${alert(1)}`;
const LINK = 'javascript:alert(document.domain)';
const HIDDEN = 'safe\u202egnp.exe\u0000\u0007\u200b\ufeff\u2066x\u2069\u001b[31mred\u001b[0m\u2028end';

/** Returns events with hostile content in each field. */
export function hostileEvents(now: number): EventInput[] {
  const base = { timestamp: now, level: 'ERROR' };
  return [
    {
      ...base,
      id: 'hostile-markup',
      message: `MARK-UP ${MARKUP}`,
      origin: MARKUP,
      source: MARKUP,
      type: MARKUP,
      group: MARKUP,
      tags: [MARKUP, '__proto__', 'constructor'],
      data: {
        [MARKUP]: MARKUP,
        nested: { [MARKUP]: [MARKUP, { [MARKUP]: 1 }] },
        __html: MARKUP,
        error: { stack: `${MARKUP}\n    at ${MARKUP} (x.ts:1:1)` },
      },
    },
    {
      ...base,
      id: 'hostile-links',
      message: LINK,
      source: LINK,
      tags: [LINK],
      data: {
        href: LINK,
        data: 'data:text/html,<script>alert(1)</script>',
        good: 'https://example.com/a?b=c',
        homograph: 'https://\u0430pple.com/login',
      },
    },
    {
      ...base,
      id: 'hostile-hidden',
      message: HIDDEN,
      source: HIDDEN.slice(0, 20),
      tags: ['\u202etag'],
      data: { [`k${HIDDEN}`]: HIDDEN },
    },
    {
      ...base,
      id: 'hostile-long',
      message: `LONG ${'ü'.repeat(30_000)}`,
      data: { long: 'x'.repeat(250_000) },
    },
    {
      ...base,
      id: 'hostile-emoji',
      message: 'EMOJI 👩‍👩‍👧‍👦 🏳️‍🌈 ﷽ Z̸̡̛͚͙̀a̴l̷g̶o̴',
      data: { rtl: 'مرحبا بالعالم', hebrew: 'שלום' },
    },
    {
      ...base,
      id: 'hostile-deep',
      message: 'DEEP',
      data: Array.from({ length: 30 }).reduce<object>((inner) => ({ a: inner }), { end: MARKUP }),
    },
    {
      ...base,
      id: 'hostile-proto',
      message: 'PROTO',
      data: JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}},"toString":"x"}',
      ) as object,
    },
  ];
}
