import { status as Status } from '@grpc/grpc-js';
import { FILES } from '../generated/files';
import type {
  ServerReflection,
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '../generated/grpc-reflection-v1';
import type { CallContext } from './call';
import type { ImplementedService } from './service';
import { implementService } from './service';

type File = (typeof FILES)[number];

/** Both versions that clients ask for; they differ in nothing but their names. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

/** Creates the reflection services. They send the files as the compiler made them, which strict clients insist on. */
export function createReflection(services: readonly string[], context: CallContext): ImplementedService[] {
  const byName = new Map<string, File>(FILES.map((file) => [file.name, file]));
  const bySymbol = new Map<string, File>(FILES.flatMap((file) => file.symbols.map((name) => [name, file])));

  /** The file and all that it imports. */
  const withImports = (file: File, found = new Set<File>()): Set<File> => {
    if (found.has(file)) return found;
    found.add(file);
    for (const name of file.imports) withImports(byName.get(name) as File, found);
    return found;
  };

  const send = (file: File | undefined, wanted: string): ServerReflectionResponse => {
    if (file === undefined) return refuse(Status.NOT_FOUND, `${wanted} is not known here.`);
    const files = [...withImports(file)].map(({ descriptor }) => Buffer.from(descriptor, 'base64'));
    return { fileDescriptorResponse: { fileDescriptorProto: files } };
  };

  const answer = (request: ServerReflectionRequest): ServerReflectionResponse => {
    const { listServices, fileByFilename, fileContainingSymbol, allExtensionNumbersOfType } = request;
    if (listServices !== undefined)
      return { listServicesResponse: { service: services.map((name) => ({ name })) } };
    if (fileByFilename !== undefined) return send(byName.get(fileByFilename), fileByFilename);
    if (fileContainingSymbol !== undefined)
      return send(bySymbol.get(fileContainingSymbol), fileContainingSymbol);
    if (allExtensionNumbersOfType !== undefined && bySymbol.has(allExtensionNumbersOfType))
      return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType } };
    return refuse(Status.NOT_FOUND, 'There are no extensions here.');
  };

  return REFLECTION_SERVICES.map((name) =>
    implementService<ServerReflection>(
      name,
      {
        async *ServerReflectionInfo(requests) {
          for await (const request of requests)
            yield { validHost: request.host, originalRequest: request, ...answer(request) };
        },
      },
      context,
    ),
  );
}

function refuse(errorCode: number, errorMessage: string): ServerReflectionResponse {
  return { errorResponse: { errorCode, errorMessage } };
}
