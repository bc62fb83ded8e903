import packed from '../dist/app?files';
import type { ConsoleFiles } from './files';
import { createConsoleFiles } from './files';

/** The console, to pass to `serveHttp` or `createHttpHandler`. */
export const consoleFiles: ConsoleFiles = createConsoleFiles(packed);
