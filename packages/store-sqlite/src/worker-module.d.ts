/** The source of a worker thread, bundled into one script. */
declare module '*?worker' {
  const source: string;
  export default source;
}
