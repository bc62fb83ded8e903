import { MAX_SEVERITY, MAX_TIME_MICROS, MIN_SEVERITY } from '../event/limits';
import { VigilantError } from '../util/errors';
import { COMPARISONS, ORDERED_FIELDS, TEXT_FIELDS, type Filter } from './ast';
import { MAX_PATH_SEGMENTS } from './fields';
import { checkLimits, MAX_FILTER_BYTES, MAX_FILTER_DEPTH, MAX_FILTER_NODES } from './limits';
import { parseLiteral } from './values';

/** Returns a description of the expected value if a value is invalid. */
type Rule = (value: unknown, owner: Node) => string | undefined;
type Node = Readonly<Record<string, unknown>>;

/** Lowest and highest value of each ordered field. */
const BOUNDS: ReadonlyMap<unknown, readonly [min: number, max: number]> = new Map([
  ['level', [0, 3]],
  ['severity', [MIN_SEVERITY, MAX_SEVERITY]],
  ['timestamp', [-MAX_TIME_MICROS, MAX_TIME_MICROS]],
]);

const choiceRule =
  (names: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && names.includes(value) ? undefined : `one of ${names.join(', ')}`;

const textRule: Rule = (value) => {
  const isValid =
    typeof value === 'string' &&
    !/[\ud800-\udfff]/u.test(value) &&
    Buffer.byteLength(value) <= MAX_FILTER_BYTES;
  return isValid ? undefined : `a well-formed string of at most ${MAX_FILTER_BYTES} bytes`;
};

const pathRule: Rule = (value) => {
  const isValid = Array.isArray(value) && value.length >= 1 && value.length <= MAX_PATH_SEGMENTS;
  return isValid && value.every((segment) => textRule(segment, {}) === undefined)
    ? undefined
    : `an array of 1 to ${MAX_PATH_SEGMENTS} strings`;
};

const offsetRule: Rule = (value) =>
  Number.isInteger(value) && Math.abs(value as number) <= MAX_TIME_MICROS && (value as number) % 1000 === 0
    ? undefined
    : `a whole number of milliseconds in microseconds, at most ${MAX_TIME_MICROS} from now`;

const boundsRule: Rule = (value, { field }) => {
  const [min, max] = BOUNDS.get(field) ?? [0, 0];
  const isValid = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return isValid ? undefined : `an integer from ${min} to ${max}`;
};

const literalRule: Rule = (value, { text }) =>
  value === undefined || (typeof text === 'string' && parseLiteral(text) === value)
    ? undefined
    : 'the JSON literal that the text denotes';

const numberRule: Rule = (value) => (Number.isFinite(value) ? undefined : 'a finite number');

/** Rules for the keys of each kind of node besides `kind`, and of each test of data besides `operator`. */
const KINDS: ReadonlyMap<unknown, Readonly<Record<string, Rule>>> = new Map<string, Record<string, Rule>>([
  ['all', {}],
  ['contains', { text: textRule }],
  ['text', { field: choiceRule(TEXT_FIELDS), operator: choiceRule(['equals', 'prefix']), value: textRule }],
  ['ordered', { field: choiceRule(ORDERED_FIELDS), operator: choiceRule(COMPARISONS), value: boundsRule }],
  ['relative', { operator: choiceRule(COMPARISONS), offset: offsetRule }],
  ['present', { field: choiceRule([...TEXT_FIELDS, ...ORDERED_FIELDS]) }],
]);
const TESTS: ReadonlyMap<unknown, Readonly<Record<string, Rule>>> = new Map<string, Record<string, Rule>>([
  ['equals', { text: textRule, literal: literalRule }],
  ['prefix', { text: textRule }],
  ['present', {}],
  ...COMPARISONS.slice(1).map((operator) => [operator, { number: numberRule }] as const),
]);

/**
 * Validates the shape, the values and the size of a tree.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID` with the path of the fault, such as `filters[1].value`.
 */
export function checkFilter(filter: Filter): void {
  checkNode(filter, '', { nodes: 0 }, 1);
  checkLimits(filter);
}

/** Returns whether this version supports the kind, field and operator of a leaf. */
export function isKnownLeaf(leaf: Filter): boolean {
  if (leaf.kind === 'data') return TESTS.has(leaf.test.operator);
  const rules = KINDS.get(leaf.kind);
  const names = leaf as unknown as Node;
  return (
    rules !== undefined && ['field', 'operator'].every((key) => rules[key]?.(names[key], names) === undefined)
  );
}

function checkNode(value: unknown, path: string, budget: { nodes: number }, depth: number): void {
  if (depth > MAX_FILTER_DEPTH) reject(path, `a filter nested at most ${MAX_FILTER_DEPTH} levels deep`);
  if (++budget.nodes > MAX_FILTER_NODES)
    reject(path, `a filter of at most ${MAX_FILTER_NODES} terms and operators`);
  const node = asNode(value, path);
  switch (node.kind) {
    case 'and':
    case 'or':
      checkKeys(node, path, ['kind', 'filters']);
      if (!Array.isArray(node.filters)) reject(join(path, 'filters'), 'an array of filters');
      // Visits holes too, unlike forEach.
      for (const [index, part] of (node.filters as unknown[]).entries())
        checkNode(part, `${join(path, 'filters')}[${index}]`, budget, depth + 1);
      return;
    case 'not':
      checkKeys(node, path, ['kind', 'filter']);
      return checkNode(node.filter, join(path, 'filter'), budget, depth + 1);
    case 'data':
      checkKeys(node, path, ['kind', 'path', 'test']);
      apply(node, path, { path: pathRule });
      return checkTest(asNode(node.test, join(path, 'test')), join(path, 'test'));
    default: {
      const rules = KINDS.get(node.kind);
      if (rules === undefined) {
        return reject(join(path, 'kind'), `one of and, or, not, data, ${[...KINDS.keys()].join(', ')}`);
      }
      checkKeys(node, path, ['kind', ...Object.keys(rules)]);
      apply(node, path, rules);
    }
  }
}

function checkTest(test: Node, path: string): void {
  const rules = TESTS.get(test.operator);
  if (rules === undefined) return reject(join(path, 'operator'), `one of ${[...TESTS.keys()].join(', ')}`);
  checkKeys(test, path, ['operator', ...Object.keys(rules)]);
  apply(test, path, rules);
}

function apply(node: Node, path: string, rules: Readonly<Record<string, Rule>>): void {
  for (const [key, rule] of Object.entries(rules)) {
    const expected = rule(node[key], node);
    if (expected !== undefined) reject(join(path, key), expected);
  }
}

function asNode(value: unknown, path: string): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : reject(path, 'an object');
}

function checkKeys(node: Node, path: string, known: readonly string[]): void {
  for (const key of Object.keys(node)) {
    if (!known.includes(key)) reject(join(path, key), `only the keys ${known.join(', ')}`);
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function reject(path: string, expected: string): never {
  const field = path === '' ? 'filter' : path;
  const reason = `Expected ${expected}`;
  throw new VigilantError('VIGILANT_FILTER_INVALID', `${field}: ${reason}.`, {
    violations: [{ field, code: 'invalid_filter', reason }],
  });
}
