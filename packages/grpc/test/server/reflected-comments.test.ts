import descriptor from 'protobufjs/ext/descriptor/index.js';
import { describe, expect, it } from 'vitest';
import { FILES } from '../../src/generated/files';

interface File {
  readonly service?: readonly { readonly method: readonly unknown[] }[];
  readonly sourceCodeInfo?: {
    readonly location: readonly { readonly path: readonly number[]; readonly leadingComments?: string }[];
  };
}

/** A file with its comments by the path of what they describe, such as `6,0,2,1` for the second method of the first service. */
function readFile(name: string) {
  const bytes = Buffer.from(FILES.find((file) => file.name === name)?.descriptor ?? '', 'base64');
  const file = descriptor.FileDescriptorProto.decode(bytes).toJSON() as File;
  const comments = new Map(
    file.sourceCodeInfo?.location.map(({ path, leadingComments = '' }) => [
      path.join(),
      leadingComments.trim(),
    ]),
  );
  return { services: file.service ?? [], comments };
}

describe('the files of ServerReflection', () => {
  it.each(['vigilant/v1/event_service.proto', 'vigilant/v1/admin_service.proto', 'logger/log.proto'])(
    'describe each method of %s',
    (name) => {
      const { services, comments } = readFile(name);
      const methods = services.flatMap(({ method }, service) =>
        method.map((_, index) => `6,${service},2,${index}`),
      );
      expect(methods.length).toBeGreaterThan(0);
      for (const path of methods) expect(comments.get(path)).toMatch(/^[A-Z]/);
    },
  );

  it('contain the comment of a method as it is in the file', () => {
    const { comments } = readFile('vigilant/v1/admin_service.proto');
    expect(comments.get('6,0,2,0')).toBe('Returns the state of the server, and counters since its start.');
  });

  it('do not contain comments of files of other projects', () => {
    expect(readFile('google/protobuf/timestamp.proto').comments.size).toBe(0);
  });
});
