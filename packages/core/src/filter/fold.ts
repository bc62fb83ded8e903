import { FOLD_TABLE } from './fold-table';

const NON_ASCII = /[^\0-\x7f]/;
const UNCHANGED = 0;
const LOOK_UP = 0xffff;

/** What characters become. */
interface FoldMap {
  /** By UTF-16 code unit: the unit it becomes, `UNCHANGED`, or `LOOK_UP`. */
  readonly units: Uint16Array;
  /** What takes more than one unit, before or after. */
  readonly others: ReadonlyMap<number, string>;
}

let foldMap: FoldMap | undefined;

/**
 * Folds case, so that texts which differ in case alone become equal.
 *
 * Character by character, by a table of this package (the upper, then lower case form; `ß` becomes `ss`, and
 * `I`, `i`, `İ` and `ı` are one letter), hence the same on every Node and in every locale. The fold of a part is a part
 * of the fold of the whole. Nothing is normalised: a letter with a combining accent differs from the composed letter.
 */
export function fold(text: string): string {
  // For ASCII the runtime's own function is the same everywhere, and the fastest.
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  foldMap ??= readTable(FOLD_TABLE);
  const { units, others } = foldMap;
  let folded = '';
  let copied = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = units[text.charCodeAt(index)] ?? UNCHANGED;
    if (unit === UNCHANGED) continue;
    const codePoint = text.codePointAt(index) ?? 0;
    const replacement = unit === LOOK_UP ? others.get(codePoint) : String.fromCharCode(unit);
    if (replacement === undefined) continue;
    folded += text.slice(copied, index) + replacement;
    if (codePoint > 0xffff) index++;
    copied = index + 1;
  }
  return copied === 0 ? text : folded + text.slice(copied);
}

function readTable(table: string): FoldMap {
  const units = new Uint16Array(0x10000);
  const others = new Map<number, string>();
  for (const entry of table.split(' ')) {
    const [range = '', target = ''] = entry.split(':');
    const [first = 0, last = first, step = 1] = range.split(/[-/]/).map(fromHex);
    const [start = 0, ...rest] = target.split('.').map(fromHex);
    for (let codePoint = first; codePoint <= last; codePoint += step) {
      const folded = String.fromCodePoint(start + codePoint - first, ...rest);
      const isSingle = codePoint <= 0xffff && folded.length === 1;
      units[String.fromCodePoint(codePoint).charCodeAt(0)] = isSingle ? folded.charCodeAt(0) : LOOK_UP;
      if (!isSingle) others.set(codePoint, folded);
    }
  }
  return { units, others };
}

const fromHex = (digits: string): number => parseInt(digits, 16);
