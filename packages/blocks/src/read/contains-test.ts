import { fold } from '@vigilant/core/adapter';
import type { TextColumn } from '../column/text-column';
import { PatternTest } from './pattern-test';
import type { RowTest } from './row-test';
import { selectByVerdict } from './template-verdicts';
import { testTexts } from './text-test';

/**
 * Compiles a test of which messages contain a text. A message is decoded only if that depends on the variables of its
 * template.
 */
export function compileContains(text: string): RowTest {
  const folded = fold(text);
  const contains = (message: string): boolean => fold(message).includes(folded);
  const pattern = new PatternTest(folded);
  return (block, within) => {
    const rows = block.read('message', (column: TextColumn) => {
      const { templates } = column;
      if (templates === undefined) return testTexts(column, within, contains);
      const verdictOf = (template: number): boolean | undefined =>
        pattern.contains(
          templates.patternOf(template),
          (variable) => templates.slotOf(template, variable).characters,
        );
      return selectByVerdict(column, templates, within, verdictOf, contains);
    });
    return { rows, isExact: true };
  };
}
