// Renders the messages, enums and services of parsed .proto files as TypeScript.
import protobuf from 'protobufjs';

const SCALARS = {
  ...Object.fromEntries(
    ['double', 'float', 'int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'].map((name) => [name, 'number']),
  ),
  ...Object.fromEntries(
    ['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'].map((name) => [name, 'number | Int64']),
  ),
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
};

/** The module `types.ts`, which the modules of the packages import. */
export const COMMON_TYPES = `/** A method with one request and one response. */
export interface Unary<Request, Response> {
  readonly kind: 'unary';
  readonly request: Request;
  readonly response: Response;
}

/** A method with one request and any number of responses. */
export interface ServerStream<Request, Response> {
  readonly kind: 'server-stream';
  readonly request: Request;
  readonly response: Response;
}

/** A method with any number of requests and responses. */
export interface BidiStream<Request, Response> {
  readonly kind: 'bidi-stream';
  readonly request: Request;
  readonly response: Response;
}

/** A decoded 64-bit integer. To encode one, pass a number. */
export interface Int64 {
  toNumber(): number;
  toString(): string;
}
`;

/** Returns the name of the module of a package: `vigilant-v1` for `vigilant.v1`. */
export const moduleOf = (packageName) => packageName.replaceAll('.', '-');

/** Renders one module per package, as `[package, text]`. */
export function renderPackages(root) {
  root.resolveAll();
  const packages = new Map();
  collect(root, '', packages);
  return [...packages].map(([name, objects]) => [name, renderPackage(name, objects)]);
}

function collect(namespace, packageName, packages) {
  for (const object of namespace.nestedArray) {
    const isPackage = !(object instanceof protobuf.Type) && object.constructor === protobuf.Namespace;
    if (isPackage)
      collect(object, packageName === '' ? object.name : `${packageName}.${object.name}`, packages);
    else packages.set(packageName, [...(packages.get(packageName) ?? []), object]);
  }
}

function renderPackage(packageName, objects) {
  const imports = new Map();
  const body = objects.map((object) => renderObject(object, { packageName, imports })).join('\n');
  const lines = [...imports]
    .sort()
    .map(([from, names]) => `import type { ${[...names].sort().join(', ')} } from '${from}';`);
  return `${lines.join('\n')}${lines.length > 0 ? '\n\n' : ''}${body}`;
}

function renderObject(object, context) {
  if (object instanceof protobuf.Enum) return renderEnum(object, context);
  if (object instanceof protobuf.Service) return renderService(object, context);
  const nested = object.nestedArray.map((child) => renderObject(child, context));
  return [renderMessage(object, context), ...nested].join('\n');
}

function renderMessage(type, context) {
  const fields = type.fieldsArray.map((field) => {
    const plain =
      field.resolvedType === null ? scalar(field.type, context) : reference(field.resolvedType, context);
    const map = field.map ? `Readonly<Record<string, ${plain}>>` : undefined;
    const list = field.repeated ? `readonly ${/^\w+$/.test(plain) ? plain : `(${plain})`}[]` : undefined;
    return `  readonly ${field.name}?: ${map ?? list ?? plain} | undefined;\n`;
  });
  return `/** \`${type.fullName.slice(1)}\` */\nexport interface ${nameOf(type, context)} {${fields.length > 0 ? '\n' : ''}${fields.join('')}}\n`;
}

function renderEnum(type, context) {
  const values = Object.entries(type.values).map(([name, number]) => `  ${name}: ${number},\n`);
  const name = nameOf(type, context);
  return `/** \`${type.fullName.slice(1)}\`; other numbers are possible. */\nexport type ${name} = number;\nexport const ${name} = {\n${values.join('')}} as const;\n`;
}

function renderService(service, context) {
  const methods = service.methodsArray.map((method) => {
    const kind = {
      '': 'Unary',
      response: 'ServerStream',
      requestresponse: 'BidiStream',
    }[`${method.requestStream ? 'request' : ''}${method.responseStream ? 'response' : ''}`];
    use('./types', kind, context);
    const types = [method.resolvedRequestType, method.resolvedResponseType].map((type) =>
      reference(type, context),
    );
    return `  readonly ${method.name}: ${kind}<${types.join(', ')}>;\n`;
  });
  return `/** \`${service.fullName.slice(1)}\` */\nexport interface ${service.name} {\n${methods.join('')}}\n`;
}

function scalar(type, context) {
  if (SCALARS[type].includes('Int64')) use('./types', 'Int64', context);
  return SCALARS[type];
}

function reference(type, context) {
  const packageName = packageOf(type);
  const name = nameOf(type, { packageName });
  if (packageName !== context.packageName) use(`./${moduleOf(packageName)}`, name, context);
  return name;
}

function use(from, name, { imports }) {
  imports.set(from, (imports.get(from) ?? new Set()).add(name));
}

function packageOf(type) {
  let parent = type.parent;
  while (parent instanceof protobuf.Type) parent = parent.parent;
  return parent.fullName.slice(1);
}

/** Returns the name of a type. A nested message has both names: `Log_Data`. */
function nameOf(type, { packageName }) {
  return type.fullName.slice(packageName.length + 2).replaceAll('.', '_');
}
