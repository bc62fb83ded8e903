import { ROW_HEIGHTS, type Density } from '../../route/url-state';
import { createMedia } from '../../ui/media.svelte';

const CARD = 48;
/** Rows of a touch screen are at least this high, unless the user wants compact ones. */
const COARSE = 32;

/** Height of a row, which depends on the density, the window and the pointer. */
export function createRowHeight(density: () => Density): { readonly pixels: number } {
  const narrow = createMedia('(max-width: 639px)');
  const coarse = createMedia('(pointer: coarse)');
  return {
    get pixels() {
      if (narrow.matches) return CARD;
      return coarse.matches && density() === 'normal' ? COARSE : ROW_HEIGHTS[density()];
    },
  };
}
