export { consoleFiles } from './console-files';
export type { ConsoleFile, ConsoleFiles } from './files';
