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

/** The versions of the service, which differ only in their name. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

const BY_NAME = new Map<string, File>(FILES.map((file) => [file.name, file]));
const BY_SYMBOL = new Map<string, File>(FILES.flatMap((file) => file.symbols.map((name) => [name, file])));

/**
 * Creates the reflection services.
 *
 * @param services - Full names of the services to list.
 */
export function createReflection(services: readonly string[], context: CallContext): ImplementedService[] {
  return REFLECTION_SERVICES.map((name) =>
    implementService<ServerReflection>(
      name,
      {
        async *ServerReflectionInfo(requests) {
          for await (const request of requests)
            yield { validHost: request.host, originalRequest: request, ...respond(request, services) };
        },
      },
      context,
    ),
  );
}

function respond(request: ServerReflectionRequest, services: readonly string[]): ServerReflectionResponse {
  const { listServices, fileByFilename, fileContainingSymbol, allExtensionNumbersOfType } = request;
  if (listServices !== undefined)
    return { listServicesResponse: { service: services.map((name) => ({ name })) } };
  if (fileByFilename !== undefined) return toResponse(BY_NAME.get(fileByFilename), fileByFilename);
  if (fileContainingSymbol !== undefined)
    return toResponse(BY_SYMBOL.get(fileContainingSymbol), fileContainingSymbol);
  if (allExtensionNumbersOfType !== undefined && BY_SYMBOL.has(allExtensionNumbersOfType))
    return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType } };
  return notFound('This server does not have extensions.');
}

/** Returns a file with its imports, as the compiler wrote them. Strict clients reject other encodings. */
function toResponse(file: File | undefined, requested: string): ServerReflectionResponse {
  if (file === undefined) return notFound(`"${requested}" is not known to this server.`);
  const files = [...withImports(file)].map(({ descriptor }) => Buffer.from(descriptor, 'base64'));
  return { fileDescriptorResponse: { fileDescriptorProto: files } };
}

/** Collects a file and all files that it imports, directly or not. */
function withImports(file: File, found = new Set<File>()): Set<File> {
  if (found.has(file)) return found;
  found.add(file);
  for (const name of file.imports) withImports(BY_NAME.get(name) as File, found);
  return found;
}

function notFound(errorMessage: string): ServerReflectionResponse {
  return { errorResponse: { errorCode: Status.NOT_FOUND, errorMessage } };
}
