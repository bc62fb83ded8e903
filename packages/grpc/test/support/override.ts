/** Returns an object some of whose members are replaced. */
export function override<T extends object>(target: T, members: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get(from, name) {
      if (name in members) return members[name as keyof T];
      const member: unknown = Reflect.get(from, name);
      return typeof member === 'function' ? member.bind(from) : member;
    },
  });
}
