import { describe, expect, it } from 'vitest';
import {
  applyMutant,
  describeMutant,
  describeSurvivor,
  listMutants,
  sampleMutants,
  selectSurvivors,
} from '../mutation/mutants.mjs';

/** Returns the code with each mutant applied. */
function mutantsOf(code: string): string[] {
  return listMutants('x.ts', code).map((mutant) => applyMutant(code, mutant));
}

describe('listMutants', () => {
  it.each([
    ['a < b', ['a <= b']],
    ['a === b', ['a !== b']],
    ['a - b', ['a + b']],
    ['a ?? b', ['a && b']],
    ['!a', ['a']],
    ['Math.max(a)', ['Math.min(a)']],
    ['true', ['false']],
    ['[0, 1, 2, 1_000]', ['[1, 1, 2, 1_000]', '[0, 0, 2, 1_000]', '[0, 1, 3, 1_000]', '[0, 1, 2, 0]']],
    ['a ? b : c', ['!(a) ? b : c']],
  ])('changes the expression %s', (code, changed) => {
    expect(mutantsOf(`x = ${code};`)).toEqual([';', ...changed.map((text) => `x = ${text};`)]);
  });

  it.each([
    ['bytes += size;', [';', 'bytes -= size;']],
    ['count++;', [';', 'count--;']],
    ['throw error;', [';']],
    ['if (ready) start();', ['if (!(ready)) start();', 'if (ready) ;']],
    ['if (!ready) start();', ['if (!ready) ;', 'if (ready) start();']],
    ['if (a === b) start();', ['if (a === b) ;', 'if (a !== b) start();']],
  ])('changes the statement %s', (code, changed) => {
    expect(mutantsOf(code).sort()).toEqual([...changed].sort());
  });

  it('does not change types, imports and text concatenation', () => {
    expect(mutantsOf("import x from 'x'; type A = 1 | 2; const a: 3 = b, text = 'a' + `${b}`;")).toEqual([]);
  });

  it('reports the position of a mutant', () => {
    expect(listMutants('x.ts', '\nconst a = 1;')).toEqual([
      { file: 'x.ts', start: 11, end: 12, line: 2, column: 11, original: '1', replacement: '0' },
    ]);
  });
});

describe('sampleMutants', () => {
  const all = listMutants('x.ts', Array.from({ length: 50 }, (_, n) => `const a${n} = 1;`).join('\n'));

  it('selects the same sample again, in the order of the file', () => {
    const sample = sampleMutants(all, 10, 'seed');
    expect(sample).toHaveLength(10);
    expect(sampleMutants(all, 10, 'seed')).toEqual(sample);
    expect(sample).toEqual(all.filter((mutant) => sample.includes(mutant)));
  });

  it('selects another sample for another seed', () => {
    expect(sampleMutants(all, 10, 'other')).not.toEqual(sampleMutants(all, 10, 'seed'));
  });
});

describe('describeMutant', () => {
  it('names the position and the change on one line', () => {
    const [mutant] = listMutants('x.ts', '\n  start(\n    a,\n  );');
    expect(describeMutant(mutant!)).toBe('x.ts:2:3 start( a, ); → ;');
  });
});

describe('selectSurvivors', () => {
  it('keeps the mutants that an earlier run reported', () => {
    const all = listMutants('x.ts', 'a = b || c || d;');
    const survivors = all.slice(1, 2);
    const output = ['mutating x.ts', ...survivors.map(describeSurvivor), 'x 2 of 3 detected: 66.7 %'];
    expect(all).toHaveLength(3);
    expect(selectSurvivors(all, output.join('\n'))).toEqual(survivors);
  });
});
