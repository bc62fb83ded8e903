import { fold } from '@vigilant/core/adapter';
import type { TextColumn, TextTemplates } from '../column/text-column';
import { PatternTest } from './pattern-test';
import { selectRows } from './row-set';
import type { RowTest } from './row-test';
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
      const verdicts = testTemplates(templates, pattern);
      return selectRows(
        within,
        column.length,
        (row) => verdicts[templates.templateOf(row)] ?? contains(column.peek(row)),
      );
    });
    return { rows, isExact: true };
  };
}

/** Returns for each template whether its messages contain a text. */
function testTemplates(templates: TextTemplates, test: PatternTest): readonly (boolean | undefined)[] {
  return Array.from({ length: templates.count }, (_, template) =>
    test.contains(
      fold(templates.patternOf(template)),
      (variable) => templates.slotOf(template, variable).characters,
    ),
  );
}
