/** Maximum number of saved views. */
export const MAX_VIEWS = 500;

/** Maximum length of the name of a view, in characters. */
export const MAX_VIEW_NAME_CHARACTERS = 100;

/** Maximum number of columns of a view. */
export const MAX_VIEW_COLUMNS = 30;

/** A query that users save under a name. */
export interface ViewInput {
  /** From 1 to 100 characters. Names may repeat. */
  readonly name: string;
  /** In the filter language. @defaultValue `''` */
  readonly filter?: string | undefined;
  /** Start of the range, as in `QueryOptions`. Relative times stay relative. */
  readonly since?: string | undefined;
  /** End of the range, as in `QueryOptions`. */
  readonly until?: string | undefined;
  /** Names of the fields to show, at most 30. */
  readonly columns?: readonly string[] | undefined;
}

/** A saved view. */
export interface View extends ViewInput {
  readonly id: string;
  readonly filter: string;
  /** Changes with every update and is never reused. */
  readonly revision: string;
  /** Time of the last change, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/**
 * Saves views in the documents of the store, so that all its users share them.
 *
 * Every method rejects with `VIGILANT_NOT_SUPPORTED` if the store has no documents. `create`, `update` and `delete` reject
 * with `VIGILANT_READ_ONLY` if the store is read-only.
 */
export interface Views {
  /** Returns all views by the time of their creation, oldest first. */
  list(): Promise<readonly View[]>;
  /** Returns a view, or `undefined`. */
  get(id: string): Promise<View | undefined>;
  /**
   * Saves a new view.
   *
   * @throws {VigilantError} `VIGILANT_QUERY_INVALID` or `VIGILANT_FILTER_INVALID` if a field is invalid,
   * `VIGILANT_LIMIT_REACHED` if there are `MAX_VIEWS` views.
   */
  create(input: ViewInput): Promise<View>;
  /**
   * Replaces a view.
   *
   * @throws {VigilantError} As `create`; `VIGILANT_NOT_FOUND`; `VIGILANT_CONFLICT` if the view has another revision.
   */
  update(id: string, input: ViewInput, options: { readonly revision: string }): Promise<View>;
  /** Deletes a view. @throws {VigilantError} `VIGILANT_NOT_FOUND`; `VIGILANT_CONFLICT` if the view has another revision. */
  delete(id: string, options: { readonly revision: string }): Promise<void>;
}
