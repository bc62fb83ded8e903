/** A module that is bundled into one script for a worker thread; its text. */
declare module '*?worker' {
  const source: string;
  export default source;
}
