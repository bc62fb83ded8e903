/** A variant of a method, and the method to which it was added. */
interface Entry<Variant> {
  readonly method: object;
  readonly variant: Variant;
}

/**
 * Adds a variant to a method. It is a property of the method, so an application that replaces the method of an engine, for
 * example to restrict what it does, replaces the variant too.
 *
 * @param key - Registered globally, so that several copies of this package find it.
 */
export function addVariant<Method extends object>(method: Method, key: symbol, variant: unknown): Method {
  const entry: Entry<unknown> = { method, variant };
  return Object.defineProperty(method, key, { value: entry });
}

/** Returns the variant of a method. A function that wraps the method has none, even if it has the properties of the method. */
export function variantOf<Variant>(method: object, key: symbol): Variant | undefined {
  const entry = (method as Readonly<Record<symbol, Entry<Variant> | undefined>>)[key];
  return entry?.method === method ? entry.variant : undefined;
}
