// An app that uses every package, to be bundled. Prints what it did as JSON.
import { consoleFiles } from '@vigilant/console';
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import { serveHttp } from '@vigilant/http';
import { createKafkaBroker } from '@vigilant/kafka';
import { createMysqlStore } from '@vigilant/store-mysql';
import { sqlite } from '@vigilant/store-sqlite';
import Database from 'better-sqlite3';

/** Logs and queries over gRPC, with the events in SQLite, and loads the console over HTTP. */
async function useServers() {
  const vigilant = createVigilant(sqlite('./data', 'APP_DRIVER' in process.env ? { driver: Database } : {}));
  const grpc = await serveGrpc(vigilant, { port: 0 });
  const client = createGrpcClient({ address: grpc.address });
  await client.log({ message: 'from one file', data: { big: 2n ** 60n } });
  const { events } = await client.query('file');

  const http = await serveHttp(vigilant, { port: 0, console: consoleFiles });
  const page = await (await fetch(http.url)).text();
  const script = await fetch(new URL(/src="([^"]+)"/.exec(page)?.[1] ?? '', http.url));
  const code = await script.text();

  await http.close();
  await client.close();
  await grpc.close();
  await vigilant.close();
  return { events: events.map(({ message, data }) => [message, data]), script: [script.status, code !== ''] };
}

/** Logs an event through Kafka and one into MySQL, and counts those that a query returns. */
async function useServices(kafka, url, topic) {
  const engines = [
    { broker: createKafkaBroker({ brokers: [kafka], topic }) },
    { store: createMysqlStore({ url }) },
  ];
  const counts = [];
  for (const options of engines) {
    const vigilant = createVigilant(options);
    await vigilant.log({ message: 'from one file' });
    counts.push((await vigilant.query('file')).events.length);
    await vigilant.close();
  }
  return counts;
}

async function main() {
  const { APP_KAFKA, APP_MYSQL, APP_NAME } = process.env;
  const result = APP_KAFKA === undefined ? useServers() : useServices(APP_KAFKA, APP_MYSQL, APP_NAME);
  console.log(JSON.stringify(await result));
}

void main();
