// npm run generate: writes packages/grpc/src/generated from proto/. `-- --check` reports whether it is up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { COMMON_TYPES, moduleOf, renderPackages } from './lib/proto-typescript.mjs';
import { ROOT, ensureInstalled, main, say } from './lib/setup.mjs';

const PROTO = join(ROOT, 'proto');
const TARGET = join(ROOT, 'packages', 'grpc', 'src', 'generated');
/** A FileDescriptorSet whose files are not decoded. */
const RAW_SET = new protobuf.Type('RawFileDescriptorSet').add(
  new protobuf.Field('file', 1, 'bytes', 'repeated'),
);
/** Tag of the field `source_code_info` of a FileDescriptorProto: number 9, length-delimited. */
const SOURCE_CODE_INFO_TAG = (9 << 3) | 2;
const HEADER = '// Generated from proto/ by `npm run generate`; do not edit.\n';

await main(async () => {
  await ensureInstalled();
  buf('lint');
  const files = render();
  if (process.argv.includes('--check')) return check(files);
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(TARGET, name), text);
  say(`wrote ${files.size} files to ${relative(ROOT, TARGET)}`);
  return 0;
});

function check(files) {
  const present = existsSync(TARGET) ? readdirSync(TARGET) : [];
  const wrong = [
    ...[...files.keys()].filter((name) => read(join(TARGET, name)) !== files.get(name)),
    ...present.filter((name) => !files.has(name)),
  ];
  if (wrong.length === 0) return 0;
  say(`outdated files: ${wrong.join(', ')}. Run \`npm run generate\` and commit the result.`);
  return 1;
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function render() {
  const root = parse();
  const files = new Map(
    renderPackages(root).map(([name, text]) => [`${moduleOf(name)}.ts`, `${HEADER}\n${text}`]),
  );
  files.set('types.ts', `${HEADER}\n${COMMON_TYPES}`);
  files.set(
    'schema.ts',
    `${HEADER}\n/** All messages, enums and services, in the JSON format of protobufjs. */\nexport const SCHEMA = ${JSON.stringify(root.toJSON(), null, 1)};\n`,
  );
  files.set('files.ts', renderFiles());
  return files;
}

/** Parses proto/, with camelCase names. */
function parse() {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (existsSync(join(PROTO, target)) ? join(PROTO, target) : target);
  const names = readdirSync(PROTO, { recursive: true }).filter((name) => name.endsWith('.proto'));
  return root.loadSync(names.map((name) => name.replaceAll('\\', '/')).sort());
}

/** Renders the compiled files as the compiler wrote them. Strict clients reject the encoding of other libraries. */
function renderFiles() {
  const [plain, commented] = [['--exclude-source-info'], []].map(
    (flags) => RAW_SET.decode(buf('build', '--as-file-descriptor-set', ...flags, '--output', '-')).file,
  );
  const files = plain.map((withoutComments, index) => {
    const file = descriptor.FileDescriptorProto.decode(withoutComments);
    const bytes = Buffer.concat([withoutComments, commentsOf(file.name, commented[index])]);
    return {
      name: file.name,
      imports: file.dependency,
      symbols: symbolsOf(file, file.package).sort(),
      descriptor: Buffer.from(bytes).toString('base64'),
    };
  });
  return `${HEADER}
/** Compiled files: what each imports, the full names that it defines, and its FileDescriptorProto in base64. */
export const FILES = ${JSON.stringify(files, null, 1)};
`;
}

/** Encodes the comments of one of our own files as the field of a FileDescriptorProto. Positions without a comment are left out. */
function commentsOf(name, bytes) {
  if (/^(google|grpc)\//.test(name)) return Buffer.alloc(0);
  const { location } = descriptor.FileDescriptorProto.decode(bytes).sourceCodeInfo;
  const isComment = ({ leadingComments, trailingComments }) => leadingComments || trailingComments;
  const info = descriptor.SourceCodeInfo.encode({ location: location.filter(isComment) }).finish();
  return protobuf.Writer.create().uint32(SOURCE_CODE_INFO_TAG).bytes(info).finish();
}

function symbolsOf(scope, prefix) {
  const named = (list) => (list ?? []).map((object) => `${prefix}.${object.name}`);
  return [
    ...named(scope.messageType ?? scope.nestedType),
    ...named(scope.enumType),
    ...named(scope.service),
    ...(scope.messageType ?? scope.nestedType ?? []).flatMap((type) =>
      symbolsOf(type, `${prefix}.${type.name}`),
    ),
    ...(scope.service ?? []).flatMap(({ name, method }) =>
      method.map((each) => `${prefix}.${name}.${each.name}`),
    ),
  ];
}

function buf(...args) {
  const windows = process.platform === 'win32';
  const tool = join(ROOT, 'node_modules', '.bin', windows ? 'buf.cmd' : 'buf');
  try {
    return execFileSync(tool, args, { cwd: ROOT, shell: windows, stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    if (error.stdout?.length > 0) console.error(error.stdout.toString());
    throw new Error(`buf ${args[0]} failed; see above.`, { cause: error });
  }
}
