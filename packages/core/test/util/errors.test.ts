import { describe, expect, it } from 'vitest';
import { guardDiagnostics, type Diagnostic } from '../../src/util/diagnostics';
import { VigilantError, toVigilantError } from '../../src/util/errors';

const HOSTILE = 'a\x1b[2J\r\n\u202eb\u2028\x9b';
const ESCAPED = String.raw`a\u{1b}[2J\u{d}\u{a}\u{202e}b\u{2028}\u{9b}`;

describe('VigilantError', () => {
  it('escapes control and bidirectional characters in its message', () => {
    expect(new VigilantError('VIGILANT_INTERNAL', HOSTILE).message).toBe(ESCAPED);
    expect(toVigilantError(new Error(HOSTILE), 'VIGILANT_INTERNAL', 'It').message).toBe(`It: ${ESCAPED}`);
  });

  it('escapes them in the fields and reasons of its violations', () => {
    const violation = { field: HOSTILE, code: 'malformed', reason: HOSTILE };
    const { violations } = new VigilantError('VIGILANT_EVENT_INVALID', '', { violations: [violation] });
    expect(violations).toEqual([{ field: ESCAPED, code: 'malformed', reason: ESCAPED }]);
  });

  it('keeps all other text unchanged, in any script', () => {
    const text = String.raw`Straße 支付 😀 \u{1b} “quoted”`;
    expect(new VigilantError('VIGILANT_INTERNAL', text).message).toBe(text);
  });

  it('limits the length of its message without splitting a surrogate pair', () => {
    const { message } = new VigilantError('VIGILANT_INTERNAL', `x${'😀'.repeat(100_000)}`);
    expect(message).toMatch(/^x(😀){2047}…$/u);
  });
});

describe('guardDiagnostics', () => {
  it('passes messages that are printable and bounded', () => {
    const passed: Diagnostic[] = [];
    const sink = guardDiagnostics(
      (diagnostic) => void passed.push(diagnostic),
      () => 0,
    );
    sink({ level: 'info', component: 'test', code: 'one', message: HOSTILE });
    sink({ level: 'warn', component: 'test', code: 'two', message: 'm'.repeat(1_000_000) });
    expect(passed[0]?.message).toBe(ESCAPED);
    expect(passed[1]?.message.length).toBeLessThan(5_000);
  });
});
