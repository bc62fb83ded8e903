import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseParser, type SseMessage } from '../../src/app/api/sse-parser';

const parse = (...chunks: string[]): SseMessage[] => {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe('SseParser', () => {
  it('reads event, data and id', () => {
    expect(parse('event: gap\nid: 7\ndata: {"a":1}\n\n')).toEqual([
      { event: 'gap', id: '7', data: '{"a":1}' },
    ]);
  });

  it('ignores comments and unknown fields, and keeps the last id', () => {
    expect(parse('id: 7\ndata: a\n\n: ping\n\nretry: 5\ndata: b\n\n')).toEqual([
      { event: 'message', id: '7', data: 'a' },
      { event: 'message', id: '7', data: 'b' },
    ]);
  });

  it('joins several lines of data', () => {
    expect(parse('data: a\ndata:b\ndata\n\n')).toEqual([{ event: 'message', id: '', data: 'a\nb\n' }]);
  });

  it('does not dispatch an incomplete message', () => {
    expect(parse('data: a\n')).toEqual([]);
  });

  it('returns the same messages for any division into chunks and any line ending', () => {
    const lines = [
      'event: event',
      'id: 12',
      'data: {"message":"ä 😀"}',
      '',
      ': ping',
      '',
      'data: x',
      'data: y',
      '',
      '',
    ];
    const expected = parse(lines.join('\n'));
    expect(expected).toHaveLength(2);
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(80), { maxLength: 8 }),
        (end, cuts) => {
          // A CR at the very end waits for a possible LF.
          const text = lines.join(end) + (end === '\r' ? '\n' : '');
          const sorted = [0, ...cuts.map((cut) => cut % text.length).sort((a, b) => a - b), text.length];
          const chunks = sorted.slice(1).map((cut, index) => text.slice(sorted[index], cut));
          expect(parse(...chunks)).toEqual(expected);
        },
      ),
    );
  });
});
