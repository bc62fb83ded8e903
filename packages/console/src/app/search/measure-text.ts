let context: CanvasRenderingContext2D | null | undefined;

/** Returns the width of a text in the font of an element, in pixels. */
export function measureText(text: string, element: Element | undefined): number {
  if (element === undefined) return 0;
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null || context === undefined) return 0;
  context.font = getComputedStyle(element).font;
  return context.measureText(text).width;
}
