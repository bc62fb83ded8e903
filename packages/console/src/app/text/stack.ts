import type { Json, JsonObject } from '../api/types';

/** A line of a stack trace. */
export interface Frame {
  /** Name of the function, or the whole line if it is not a frame. */
  readonly name: string;
  /** File, line and column, if known. */
  readonly location: string;
  /** Name of the library, or `undefined` for code of the app. */
  readonly library?: string;
}

/** Consecutive frames, of the app or of libraries. */
export interface FrameGroup {
  readonly isLibrary: boolean;
  readonly frames: readonly Frame[];
}

export interface Stack {
  /** First line, such as `TypeError: x is not a function`. */
  readonly title: string;
  readonly text: string;
  readonly groups: readonly FrameGroup[];
}

const V8 = /^\s+at (?:(?:async )?(.*?) \()?((?:[^()\s]|\s(?!\())+?:\d+(?::\d+)?|<anonymous>|native)\)?$/;
const PYTHON = /^\s+File "([^"]+)", line (\d+), in (.+)$/;
const JAVA = /^\s+at ([\w.$<>/@]+)\(([^)]*)\)$/;

/** Finds the stack trace of an event: in its data, or in its message. */
export function findStack(message: string, data: JsonObject): Stack | undefined {
  return [...(findText(data, 0) ?? []), message].map(parseStack).find((stack) => stack !== undefined);
}

/** Parses a stack trace of JavaScript, Java or Python. Returns `undefined` for other text. */
export function parseStack(text: string): Stack | undefined {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => parseFrame(line) !== undefined);
  if (first < 1) return undefined;
  const groups: { isLibrary: boolean; frames: Frame[] }[] = [];
  for (const line of lines.slice(first)) {
    if (line.trim() === '') continue;
    const frame = parseFrame(line) ?? { name: line.trim(), location: '' };
    const isLibrary = frame.library !== undefined;
    const group = groups.at(-1);
    if (group?.isLibrary === isLibrary) group.frames.push(frame);
    else groups.push({ isLibrary, frames: [frame] });
  }
  return { title: lines.slice(0, first).join('\n').trim(), text, groups };
}

/** Returns the texts below a value that may be stack traces. */
function findText(value: Json, depth: number): string[] | undefined {
  if (typeof value === 'string') return /\n\s+(?:at |File ")/.test(value) ? [value] : undefined;
  if (typeof value !== 'object' || value === null || depth > 6) return undefined;
  const found = Object.values(value).flatMap((child: Json) => findText(child, depth + 1) ?? []);
  return found.length > 0 ? found : undefined;
}

function parseFrame(line: string): Frame | undefined {
  const [, name, location] = V8.exec(line) ?? [];
  if (location !== undefined) return toFrame(name ?? '<anonymous>', location.replace(/^file:\/\//, ''));
  const [, file, row, python] = PYTHON.exec(line) ?? [];
  if (file !== undefined) return toFrame(python ?? '', `${file}:${row}`);
  const [, java, source] = JAVA.exec(line) ?? [];
  return java === undefined ? undefined : toFrame(java, source ?? '');
}

function toFrame(name: string, location: string): Frame {
  const library = libraryOf(name, location);
  return library === undefined ? { name, location } : { name, location, library };
}

function libraryOf(name: string, location: string): string | undefined {
  const [, module] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(location) ?? [];
  if (module !== undefined) return module;
  if (/^(?:node:internal|internal\/)/.test(location)) return 'node:internal';
  if (/^(?:node:|native|<anonymous>)/.test(location)) return location.replace(/:\d+(?::\d+)?$/, '');
  const [, python] = /(?:site-packages|dist-packages)\/([^/]+)/.exec(location) ?? [];
  if (python !== undefined) return python;
  return /^(?:java|javax|jdk|sun|org\.springframework)\./.exec(name)?.[0]?.replace(/\.$/, '');
}
