import { createVigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { sqlite } from '@vigilant/store-sqlite';
import { packFiles } from '../../../../scripts/inline-files.mjs';
import { createConsoleFiles } from '../../src/files';

/** A server in a process of its own: data folder, port and folder of the app are arguments. */
const [, , folder = '', port = '0', app = ''] = process.argv;
const vigilant = createVigilant(sqlite(folder));
await vigilant.open();
const files = createConsoleFiles(packFiles(app));
const { url } = await serveHttp(vigilant, { port: Number(port), console: files });
process.stdout.write(`${url}\n`);
