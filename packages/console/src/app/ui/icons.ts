/** Returns the path of a circle. */
const circle = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

/** Returns the path of a rectangle with rounded corners. */
const box = (x: number, y: number, width: number, height: number, r: number): string => {
  const corner = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  const [w, h] = [width - 2 * r, height - 2 * r];
  return `M${x + r} ${y}h${w}${corner(r, r)}v${h}${corner(-r, r)}h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}z`;
};

/** Paths of the icons, on a grid of 16 px with lines of 1.5 px. */
export const ICONS = {
  add: 'M8 3.5v9M3.5 8h9',
  check: 'M3.5 8.5l3 3 6-7',
  clock: `${circle(8, 8, 5.75)}M8 4.75V8l2.25 1.5`,
  columns: `${box(2.5, 3, 11, 10, 1.5)}M6.25 3v10M9.75 3v10`,
  compare: 'M2.5 13.5V6h3.5v7.5M10 13.5v-11h3.5v11M1.5 13.5h13',
  copy: `${box(5.5, 5.5, 7.5, 7.5, 1.5)}M3 10.25V4.5A1.5 1.5 0 0 1 4.5 3h5.75`,
  down: 'M4.5 6.5L8 10l3.5-3.5',
  group: `${box(2.75, 6, 10.5, 7, 1.5)}M4.25 3.75h7.5`,
  help: 'M5.75 6a2.25 2.25 0 1 1 3.4 1.95c-.75.45-1.15.85-1.15 1.8M8 12.1v.01',
  left: 'M9.75 4.5L6.25 8l3.5 3.5',
  link: 'M6.75 9.25a2.5 2.5 0 0 0 3.6 0l2-2a2.55 2.55 0 0 0-3.6-3.6l-.9.9M9.25 6.75a2.5 2.5 0 0 0-3.6 0l-2 2a2.55 2.55 0 0 0 3.6 3.6l.9-.9',
  menu: 'M3 4.75h10M3 8h10M3 11.25h10',
  minus: `${circle(8, 8, 5.25)}M5.75 8h4.5`,
  more: 'M3.75 8v.01M8 8v.01M12.25 8v.01',
  pin: 'M6 2.75h4l-.5 4 2 2v1h-7v-1l2-2zM8 9.75v3.75',
  play: 'M5 3.5v9l7.5-4.5z',
  plus: `${circle(8, 8, 5.25)}M8 5.75v4.5M5.75 8h4.5`,
  prompt: 'M3 4.5L6.5 8 3 11.5M8 11.5h5',
  right: 'M6.25 4.5L9.75 8l-3.5 3.5',
  search: `${circle(7, 7, 4.25)}M10.25 10.25L13.5 13.5`,
  sliders: `M3 5h4.5M11.5 5H13M3 11h1.5M8.5 11H13${circle(9.5, 5, 1.75)}${circle(6.5, 11, 1.75)}`,
  table: `${box(2.5, 3, 11, 10, 1.5)}M2.5 6.5h11M2.5 9.75h11M7 6.5V13`,
  target: `${circle(8, 8, 2.25)}M8 1.75v3M8 11.25v3M1.75 8h3M11.25 8h3`,
  theme: `${circle(8, 8, 5.25)}M8 2.75v10.5M9.5 3v10M11 3.75v8.5M12.3 5v6`,
  top: 'M3 12.5h10M4.5 10V7M8 10V3.5M11.5 10V5.5',
  up: 'M4.5 9.5L8 6l3.5 3.5',
  wait: 'M8 2.75a5.25 5.25 0 0 1 5.25 5.25M8 13.25a5.25 5.25 0 0 1-5.25-5.25',
  x: 'M4.25 4.25l7.5 7.5M11.75 4.25l-7.5 7.5',
  zoomIn: `${circle(7, 7, 4.25)}M10.25 10.25L13.5 13.5M7 5.25v3.5M5.25 7h3.5`,
  zoomOut: `${circle(7, 7, 4.25)}M10.25 10.25L13.5 13.5M5.25 7h3.5`,
} as const;

export type IconName = keyof typeof ICONS;
