import { createVigilant } from '@vigilant/core';
import { createHttpHandler } from '@vigilant/http';
import type { Request as PageRequest } from 'playwright-core';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
}

/** Start of the path of an endpoint, below any prefix. Other paths are files and pages of the console. */
const ENDPOINT = /\/(?:v1\/.*|livez|readyz|metrics|openapi\.json)$/;

let loaded: Promise<Document> | undefined;

async function load(): Promise<Document> {
  const vigilant = createVigilant();
  const handler = createHttpHandler(vigilant, { authorize: () => true });
  try {
    return (await (await handler.fetch(new Request('http://127.0.0.1/openapi.json'))).json()) as Document;
  } finally {
    await handler.close();
    await vigilant.close();
  }
}

/** Describes the requests to endpoints, methods or parameters that the OpenAPI document does not have. */
export async function undocumentedRequests(requests: readonly PageRequest[]): Promise<readonly string[]> {
  const { paths } = await (loaded ??= load());
  return requests.flatMap((request) => {
    const { pathname, searchParams } = new URL(request.url());
    const [path] = ENDPOINT.exec(pathname) ?? [];
    if (path === undefined) return [];
    const method = request.method();
    const template =
      paths[path] === undefined ? Object.keys(paths).find((each) => matches(each, path)) : path;
    const operation = paths[template ?? '']?.[method.toLowerCase()];
    if (operation === undefined) return [`${method} ${path}`];
    const known = operation.parameters?.filter((each) => each.in === 'query').map(({ name }) => name) ?? [];
    return [...searchParams.keys()]
      .filter((name) => !known.includes(name))
      .map((name) => `${method} ${path}?${name}`);
  });
}

function matches(template: string, path: string): boolean {
  const parts = path.split('/');
  const names = template.split('/');
  return (
    names.length === parts.length && names.every((name, at) => name.startsWith('{') || name === parts[at])
  );
}
