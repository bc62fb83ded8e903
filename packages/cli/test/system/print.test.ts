import { describe, expect, it } from 'vitest';
import { printError, printLine } from '../../src/system/print';
import { createTestSystem } from '../support/test-system';

describe('printLine and printError', () => {
  it('escape control and bidirectional characters, but not the ends of lines', () => {
    const system = createTestSystem();
    printLine(system, 'a\u001b[31m\u202eb');
    printError(system, 'first\nsecond\u0007');
    expect(system.printed()).toBe('a\\u{1b}[31m\\u{202e}b\nvigilant: first\nsecond\\u{7}\n');
  });
});
