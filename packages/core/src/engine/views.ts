import type { Document, DocumentContent, DocumentStore } from '../contracts/documents';
import type { View, ViewInput, Views } from '../contracts/views';
import { MAX_VIEWS, MAX_VIEW_COLUMNS, MAX_VIEW_NAME_CHARACTERS } from '../contracts/views';
import type { JsonObject } from '../event/event';
import { parseFilter } from '../filter/parse';
import { checkOptions, checkText, notFound } from '../query/argument-checks';
import { checkTimeBound, withinRange } from '../query/time-range';
import { VigilantError, readOnlyError } from '../util/errors';
import { adviseName } from '../util/near-name';
import { checkAll, checkTextOption, invalidOption } from '../util/option-checks';

const CODE = 'VIGILANT_QUERY_INVALID';
const KIND = 'view';
const FIELDS = ['name', 'filter', 'since', 'until', 'columns'];
const PAGE_DOCUMENTS = 1_000;

/** Dependencies of the views of an engine. */
export interface ViewsParts {
  /** `undefined` if the store has none. */
  readonly documents: DocumentStore | undefined;
  readonly isReadOnly: boolean;
  readonly open: () => Promise<void>;
  readonly newId: () => string;
  readonly now: () => number;
}

/** Creates the views of an engine. */
export function createViews(parts: ViewsParts): Views {
  return new DocumentViews(parts);
}

class DocumentViews implements Views {
  readonly #parts: ViewsParts;

  constructor(parts: ViewsParts) {
    this.#parts = parts;
  }

  async list(): Promise<readonly View[]> {
    const documents = await this.#open();
    const views: View[] = [];
    for (let after: string | undefined; ;) {
      const options = after === undefined ? { limit: PAGE_DOCUMENTS } : { limit: PAGE_DOCUMENTS, after };
      const page = await documents.list(KIND, options);
      views.push(...page.documents.map(toView));
      if (page.next === undefined) return views;
      after = page.next;
    }
  }

  async get(id: string): Promise<View | undefined> {
    checkText('id', id);
    const found = await (await this.#open()).get(KIND, id);
    return found === undefined ? undefined : toView(found);
  }

  async create(input: ViewInput): Promise<View> {
    this.#checkWritable('create()');
    const content = this.#toContent(input);
    const documents = await this.#open();
    if ((await documents.count(KIND)) >= MAX_VIEWS)
      throw new VigilantError(
        'VIGILANT_LIMIT_REACHED',
        `There are already ${MAX_VIEWS} views, which is the limit. Delete one first.`,
        {
          retryable: false,
          violations: [
            {
              field: 'views',
              code: 'too_many',
              reason: 'their number has reached the limit',
              limit: MAX_VIEWS,
            },
          ],
        },
      );
    const id = this.#parts.newId();
    const revision = await documents.put(KIND, id, content, { revision: null });
    if (revision === undefined) throw changed(id);
    return toView({ key: id, revision, ...content });
  }

  async update(id: string, input: ViewInput, options: { readonly revision: string }): Promise<View> {
    this.#checkWritable('update()');
    checkText('id', id);
    const content = this.#toContent(input);
    const expected = checkRevision('update()', options);
    const documents = await this.#open();
    if ((await documents.get(KIND, id)) === undefined) throw notFound('view', id);
    const revision = await documents.put(KIND, id, content, { revision: expected });
    if (revision === undefined) throw changed(id);
    return toView({ key: id, revision, ...content });
  }

  async delete(id: string, options: { readonly revision: string }): Promise<void> {
    this.#checkWritable('delete()');
    checkText('id', id);
    const revision = checkRevision('delete()', options);
    const documents = await this.#open();
    if ((await documents.get(KIND, id)) === undefined) throw notFound('view', id);
    if (!(await documents.delete(KIND, id, { revision }))) throw changed(id);
  }

  /** @throws {VigilantError} `VIGILANT_READ_ONLY` */
  #checkWritable(method: string): void {
    if (this.#parts.isReadOnly) throw readOnlyError(`views.${method}`);
  }

  /** Opens the store. @throws {VigilantError} `VIGILANT_NOT_SUPPORTED` */
  async #open(): Promise<DocumentStore> {
    const { documents, open } = this.#parts;
    if (documents === undefined)
      throw new VigilantError(
        'VIGILANT_NOT_SUPPORTED',
        'The store does not support documents, so it cannot save views.',
      );
    await open();
    return documents;
  }

  /** Checks an input and converts it to the content of a document. */
  #toContent(input: ViewInput): DocumentContent {
    const nowMs = this.#parts.now();
    checkInput(input, nowMs);
    const { name, filter = '', since, until, columns } = input;
    const range = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const value = { name, filter, ...range, ...(columns && { columns: [...columns] }) };
    return { value: { ...value, updatedAt: nowMs } };
  }
}

/** Checks an input. The error has the violations of all fields. @throws {VigilantError} */
function checkInput(input: ViewInput, nowMs: number): void {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalidOption('view', 'an object with a name', input, CODE);
  const { name, filter = '', since, until, columns } = input;
  const unknown = Object.keys(input).filter((key) => !FIELDS.includes(key));
  checkAll([
    () => checkName(name),
    () => parseFilter(checkTextOption('filter', filter, { min: 0, max: Infinity }, CODE)),
    () => checkBound('since', since),
    () => checkBound('until', until),
    () => checkColumns(columns),
    ...unknown.map((key) => () => failUnknown(key)),
  ]);
  const range = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  withinRange(parseFilter(filter), range, nowMs);
}

function checkName(name: unknown): void {
  if (name === undefined) {
    const violations = [{ field: 'name', code: 'required', reason: 'is required' }];
    throw new VigilantError(CODE, 'name is required.', { violations });
  }
  if (checkTextOption('name', name, { max: MAX_VIEW_NAME_CHARACTERS }, CODE).trim() === '')
    throw invalidOption('name', 'a string with at least one visible character', name, CODE);
}

function checkBound(name: string, value: unknown): void {
  if (value !== undefined) checkTimeBound(name, checkTextOption(name, value, { max: 100 }, CODE));
}

function failUnknown(key: string): never {
  const reason = `is not a field of a view. ${adviseName(key, FIELDS, 'fields')}`;
  const violations = [{ field: key, code: 'unknown_field', reason }];
  throw new VigilantError(CODE, `${key} ${reason}`, { violations });
}

function checkColumns(columns: unknown): void {
  if (columns === undefined) return;
  if (!Array.isArray(columns) || columns.length > MAX_VIEW_COLUMNS)
    throw invalidOption(
      'columns',
      `an array of at most ${MAX_VIEW_COLUMNS} field names`,
      columns,
      CODE,
      MAX_VIEW_COLUMNS,
    );
  checkAll(
    columns.map((column, index) => () => {
      checkTextOption(`columns[${index}]`, column, { max: 255 }, CODE);
    }),
  );
}

function checkRevision(method: string, options: { readonly revision: string }): string {
  checkOptions(`views.${method}`, options, ['revision']);
  return checkText('revision', options.revision);
}

function toView({ key, revision, value }: Omit<Document, 'blob'>): View {
  const { name, filter, since, until, columns, updatedAt } = value as JsonObject &
    Omit<View, 'id' | 'revision'>;
  return {
    id: key,
    name,
    filter,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(columns === undefined ? {} : { columns }),
    revision,
    updatedAt,
  };
}

function changed(id: string): VigilantError {
  return new VigilantError(
    'VIGILANT_CONFLICT',
    `The view "${id}" was changed or deleted in the meantime. Read it again and repeat the change.`,
  );
}
