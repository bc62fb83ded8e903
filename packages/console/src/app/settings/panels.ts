/** The panels beside the rows whose widths can be changed, in pixels. `share` is the largest share of the window. */
export const PANELS = {
  facets: { width: 240, min: 180, max: 480, share: 0.3 },
  detail: { width: 420, min: 320, max: 900, share: 0.5 },
} as const;

export type PanelName = keyof typeof PANELS;
export type PanelWidths = Readonly<Record<PanelName, number>>;

/** Sets the width of a panel on the page. The width never exceeds its share of the window. */
export function applyWidth(panel: PanelName, width: number): void {
  const value = `min(${width}px, ${PANELS[panel].share * 100}vw)`;
  document.documentElement.style.setProperty(`--w-${panel}`, value);
}
