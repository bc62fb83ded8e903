// Serves the console with the store of a folder until it is killed, and prints its URL: server <folder>
import { consoleFiles } from '@vigilant/console';
import { createVigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { sqlite } from '@vigilant/store-sqlite';

const vigilant = createVigilant(sqlite(process.argv[2]));
const { url } = await serveHttp(vigilant, { port: 0, console: consoleFiles });
process.stdout.write(`${url}\n`);
