import { createVigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { sqlite } from '@vigilant/store-sqlite';
import { createConsoleFiles } from '../../src/files';

/** A server in a process of its own: data folder, port and folder of the app are arguments. */
const [, , folder = '', port = '0', app = ''] = process.argv;
const vigilant = createVigilant(sqlite(folder));
const { url } = await serveHttp(vigilant, { port: Number(port), console: createConsoleFiles(app) });
process.stdout.write(`${url}\n`);
