import type { Message } from './en';

const PLAIN = 'acdegilnorstuy';
const ACCENTED = 'áçðëğïľñöřšţüý';

/**
 * Creates a catalogue whose texts are accented, in brackets and a third longer. Text without brackets on a page is not
 * translated; text without its closing bracket is cut.
 */
export function createPseudoCatalog<T extends Readonly<Record<string, Message>>>(
  catalog: T,
): Readonly<Record<keyof T, Message>> {
  const entries = Object.entries(catalog).map(([key, message]) => [key, convert(message)]);
  return Object.fromEntries(entries) as Record<keyof T, Message>;
}

function convert(message: Message): Message {
  if (typeof message === 'string') return convertText(message);
  const forms = Object.entries(message).map(([form, text]) => [form, convertText(text)]);
  return Object.fromEntries(forms) as Message;
}

function convertText(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : part.replace(/[a-z]/g, accent)))
    .join('');
  return `[${accented}${'·'.repeat(Math.ceil(text.length / 3))}]`;
}

const accent = (letter: string): string => ACCENTED[PLAIN.indexOf(letter)] ?? letter;
