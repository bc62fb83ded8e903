export { consoleFiles } from './files';
export type { ConsoleFile, ConsoleFiles } from './files';
