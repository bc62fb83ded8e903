import { createHash } from 'node:crypto';
import ts from 'typescript';

/**
 * One change of a source file.
 *
 * @typedef {object} Mutant
 * @property {string} file - Path from the root.
 * @property {number} start - Offset of the replaced text.
 * @property {number} end
 * @property {string} replacement
 * @property {number} line - From 1.
 * @property {number} column - From 1.
 * @property {string} original
 */

const K = ts.SyntaxKind;

const BINARY = new Map([
  [K.PlusToken, '-'],
  [K.MinusToken, '+'],
  [K.AsteriskToken, '/'],
  [K.SlashToken, '*'],
  [K.PercentToken, '*'],
  [K.LessThanToken, '<='],
  [K.LessThanEqualsToken, '<'],
  [K.GreaterThanToken, '>='],
  [K.GreaterThanEqualsToken, '>'],
  [K.EqualsEqualsEqualsToken, '!=='],
  [K.ExclamationEqualsEqualsToken, '==='],
  [K.AmpersandAmpersandToken, '||'],
  [K.BarBarToken, '&&'],
  [K.QuestionQuestionToken, '&&'],
  [K.PlusEqualsToken, '-='],
  [K.MinusEqualsToken, '+='],
  [K.QuestionQuestionEqualsToken, '='],
  [K.BarBarEqualsToken, '&&='],
  [K.AmpersandAmpersandEqualsToken, '||='],
  [K.GreaterThanGreaterThanGreaterThanToken, '<<'],
  [K.LessThanLessThanToken, '>>>'],
  [K.AmpersandToken, '|'],
  [K.BarToken, '&'],
]);

const EQUALITIES = ['===', '!=='];

const NAMES = new Map([
  ['max', 'min'],
  ['min', 'max'],
  ['some', 'every'],
  ['every', 'some'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);

/**
 * Lists the mutants of a source file: operators and their boundaries, negated conditions, literals and removed statements.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Mutant[]}
 */
export function listMutants(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Mutant[]} */
  const mutants = [];
  const replace = (node, replacement) => {
    const start = node.getStart(source);
    const end = node.getEnd();
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    const original = text.slice(start, end);
    mutants.push({ file, start, end, replacement, line: line + 1, column: character + 1, original });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    mutateNode(node, replace, source);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function mutateNode(node, replace, source) {
  if (ts.isBinaryExpression(node)) return mutateBinary(node, replace);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return mutateUnary(node, replace, source);
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return negate(node.expression, replace, source);
  if (ts.isConditionalExpression(node)) return negate(node.condition, replace, source);
  if (ts.isExpressionStatement(node)) return replace(node, ';');
  if (ts.isContinueStatement(node) || ts.isThrowStatement(node)) return replace(node, ';');
  if (ts.isReturnStatement(node) && node.expression === undefined) return replace(node, ';');
  if (node.kind === K.TrueKeyword) return replace(node, 'false');
  if (node.kind === K.FalseKeyword) return replace(node, 'true');
  if (ts.isNumericLiteral(node)) return replace(node, changedNumber(node.text));
  if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent)) {
    const name = NAMES.get(node.name.text);
    if (name !== undefined && node.parent.expression === node) replace(node.name, name);
  }
}

function mutateBinary(node, replace) {
  const replacement = BINARY.get(node.operatorToken.kind);
  if (replacement === undefined) return;
  const isText = [node.left, node.right].some(
    (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
  );
  if (isText && replacement === '-') return;
  replace(node.operatorToken, replacement);
}

function mutateUnary(node, replace, source) {
  const operand = node.operand.getText(source);
  const isPrefix = ts.isPrefixUnaryExpression(node);
  if (node.operator === K.ExclamationToken || node.operator === K.MinusToken) replace(node, operand);
  if (node.operator === K.PlusPlusToken) replace(node, isPrefix ? `--${operand}` : `${operand}--`);
  if (node.operator === K.MinusMinusToken) replace(node, isPrefix ? `++${operand}` : `${operand}++`);
}

/** Negates a condition, unless a mutant of its operator is equivalent. */
function negate(condition, replace, source) {
  if (ts.isPrefixUnaryExpression(condition)) return;
  if (ts.isBinaryExpression(condition) && EQUALITIES.includes(condition.operatorToken.getText(source)))
    return;
  replace(condition, `!(${condition.getText(source)})`);
}

/** Returns a different number: 0 for 1 and for large numbers, otherwise the next number. */
function changedNumber(text) {
  const value = Number(text);
  if (value >= 1_000 || value === 1) return '0';
  return String(value + 1);
}

/**
 * Applies a mutant to its source.
 *
 * @param {string} text
 * @param {Mutant} mutant
 */
export function applyMutant(text, { start, end, replacement }) {
  return text.slice(0, start) + replacement + text.slice(end);
}

/**
 * Selects mutants by a seed. The same sources and seed result in the same mutants.
 *
 * @param {readonly Mutant[]} mutants
 * @param {number} count
 * @param {string} seed
 */
export function sampleMutants(mutants, count, seed) {
  if (mutants.length <= count) return [...mutants];
  const keyOf = ({ file, start, replacement }) =>
    createHash('sha256').update(`${seed}\0${file}\0${start}\0${replacement}`).digest('hex');
  const keys = new Map(mutants.map((mutant) => [mutant, keyOf(mutant)]));
  const chosen = [...mutants].sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : 1)).slice(0, count);
  return chosen.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}

/**
 * Describes a mutant on one line.
 *
 * @param {Mutant} mutant
 */
export function describeMutant({ file, line, column, original, replacement }) {
  const brief = (text) => text.replace(/\s+/g, ' ').slice(0, 70);
  return `${file}:${line}:${column} ${brief(original)} → ${brief(replacement)}`;
}

const SURVIVED = 'SURVIVED ';

/**
 * Reports a mutant that no test detected.
 *
 * @param {Mutant} mutant
 */
export function describeSurvivor(mutant) {
  return SURVIVED + describeMutant(mutant);
}

/**
 * Keeps the mutants that an earlier run reported as survivors.
 *
 * @param {readonly Mutant[]} mutants
 * @param {string} output - Of that run.
 */
export function selectSurvivors(mutants, output) {
  const lines = new Set(output.split(/\r?\n/));
  return mutants.filter((mutant) => lines.has(describeSurvivor(mutant)));
}
