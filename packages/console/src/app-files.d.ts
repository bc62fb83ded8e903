/** The files of a folder by their paths, each compressed with gzip, as base64. */
declare module '*?files' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
