import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ENTRIES = ['index', 'adapter/index'].map((name) =>
  fileURLToPath(new URL(`../../packages/core/src/${name}.ts`, import.meta.url)),
);

const program = ts.createProgram(ENTRIES, {
  noLib: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
});
const checker = program.getTypeChecker();

function exportsOf(entry: string): ts.Symbol[] {
  const file = program.getSourceFile(entry);
  const module = file && checker.getSymbolAtLocation(file);
  return module === undefined ? [] : checker.getExportsOfModule(module);
}

/** Returns the declaration behind an export, with its re-exports resolved. */
function declarationOf(symbol: ts.Symbol): ts.Declaration | undefined {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target.declarations?.[0];
}

function isDocumented(symbol: ts.Symbol): boolean {
  const declaration = declarationOf(symbol);
  if (declaration === undefined) return false;
  // The comment of a constant belongs to its statement.
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.getJSDocCommentsAndTags(node).length > 0;
}

describe.each([
  ['@vigilant/core', ENTRIES[0] ?? ''],
  ['@vigilant/core/adapter', ENTRIES[1] ?? ''],
])('%s', (_, entry) => {
  const symbols = exportsOf(entry);

  it('exports the names of the snapshot', () => {
    expect(symbols.map(({ name }) => name).sort()).toMatchSnapshot();
  });

  it('has a doc comment for every export', () => {
    expect(symbols.length).toBeGreaterThan(20);
    expect(symbols.filter((symbol) => !isDocumented(symbol)).map(({ name }) => name)).toEqual([]);
  });
});
