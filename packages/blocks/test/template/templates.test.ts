import { describe, expect, it } from 'vitest';
import type { ByteTexts } from '../../src/bytes/byte-texts';
import { byteTextsOf } from '../../src/bytes/byte-texts';
import { ByteReader } from '../../src/bytes/byte-reader';
import { ByteWriter } from '../../src/bytes/byte-writer';
import { createTextColumn } from '../../src/column/text-column';
import type { Splitter } from '../../src/template/split';
import { SplitColumn } from '../../src/template/split-column';
import { splitJson } from '../../src/template/split-json';
import { splitMessage } from '../../src/template/split-message';
import { readTemplates, writeTemplates } from '../../src/template/templated-texts';
import type { Templates } from '../../src/template/templates';
import { MAX_SLOTS, findTemplates } from '../../src/template/templates';

const find = (texts: readonly string[], splitter: Splitter): Templates | undefined =>
  findTemplates(new SplitColumn(byteTextsOf(texts), splitter));

const show = ({ bytes, starts, ends }: ByteTexts): string[] =>
  Array.from(starts, (start, index) => bytes.toString('utf8', start, ends[index]));

function roundTrip(templates: Templates): string[] {
  const writer = new ByteWriter();
  writeTemplates(writer, templates);
  const column = createTextColumn(readTemplates(new ByteReader(writer.finish())));
  return Array.from({ length: column.length }, (_, index) => column.get(index));
}

describe('findTemplates', () => {
  it('returns the texts with and without a template in their order', () => {
    const texts = ['a 1', 'unique x7 text', 'a 2', 'b 3', 'a 4', 'b 5'];
    const templates = find(texts, splitMessage);
    expect(templates && show(templates.others)).toEqual(['unique x7 text']);
    expect(templates && roundTrip(templates)).toEqual(texts);
  });

  it('returns undefined if most texts have different shapes', () => {
    const word = (index: number): string => String.fromCharCode(97 + index).repeat(3);
    const texts = Array.from({ length: 20 }, (_, index) => `${word(index)} 1`);
    expect(find([...texts, 'a 1', 'a 2'], splitMessage)).toBeUndefined();
  });

  it('stores texts that need too many slots as they are', () => {
    const keys = (start: number): object =>
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${start + index}`, index]));
    const texts = [0, 60, 120, 180, 240].flatMap((start) =>
      [start, start].map((each) => JSON.stringify(keys(each))),
    );
    const templates = find(texts, splitJson);
    expect(templates?.slots.length).toBeLessThanOrEqual(MAX_SLOTS);
    expect(templates?.others.starts).toHaveLength(2);
    expect(templates && roundTrip(templates)).toEqual(texts);
  });
});
