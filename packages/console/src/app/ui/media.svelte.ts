import { createSubscriber } from 'svelte/reactivity';

/** Creates a media query whose result is reactive. */
export function createMedia(query: string): { readonly matches: boolean } {
  const list = matchMedia(query);
  const subscribe = createSubscriber((update) => {
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  });
  return {
    get matches() {
      subscribe();
      return list.matches;
    },
  };
}
