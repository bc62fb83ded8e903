/** Returns a command that sends an event. */
export function curlSnippet(url: string, json: string): string {
  return [`curl ${shellQuote(url)}`, "-H 'content-type: application/json'", `-d ${shellQuote(json)}`].join(
    ' \\\n  ',
  );
}

/** Returns a program that sends an event. It runs in Node.js, browsers and other runtimes. */
export function typescriptSnippet(url: string, json: string): string {
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
});
if (!response.ok) throw new Error(await response.text());
const { id } = (await response.json()) as { id: string };
`;
}

/** Puts a text in single quotes, if a shell needs them. */
function shellQuote(text: string): string {
  return /^[\w:/.@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
