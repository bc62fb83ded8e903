// Generated from proto/ by `npm run generate`; do not edit.

import type { BidiStream } from './types';

/** `grpc.reflection.v1.ServerReflection` */
export interface ServerReflection {
  readonly ServerReflectionInfo: BidiStream<ServerReflectionRequest, ServerReflectionResponse>;
}

/** `grpc.reflection.v1.ServerReflectionRequest` */
export interface ServerReflectionRequest {
  readonly host?: string | undefined;
  readonly fileByFilename?: string | undefined;
  readonly fileContainingSymbol?: string | undefined;
  readonly fileContainingExtension?: ExtensionRequest | undefined;
  readonly allExtensionNumbersOfType?: string | undefined;
  readonly listServices?: string | undefined;
}

/** `grpc.reflection.v1.ExtensionRequest` */
export interface ExtensionRequest {
  readonly containingType?: string | undefined;
  readonly extensionNumber?: number | undefined;
}

/** `grpc.reflection.v1.ServerReflectionResponse` */
export interface ServerReflectionResponse {
  readonly validHost?: string | undefined;
  readonly originalRequest?: ServerReflectionRequest | undefined;
  readonly fileDescriptorResponse?: FileDescriptorResponse | undefined;
  readonly allExtensionNumbersResponse?: ExtensionNumberResponse | undefined;
  readonly listServicesResponse?: ListServiceResponse | undefined;
  readonly errorResponse?: ErrorResponse | undefined;
}

/** `grpc.reflection.v1.FileDescriptorResponse` */
export interface FileDescriptorResponse {
  readonly fileDescriptorProto?: readonly Uint8Array[] | undefined;
}

/** `grpc.reflection.v1.ExtensionNumberResponse` */
export interface ExtensionNumberResponse {
  readonly baseTypeName?: string | undefined;
  readonly extensionNumber?: readonly number[] | undefined;
}

/** `grpc.reflection.v1.ListServiceResponse` */
export interface ListServiceResponse {
  readonly service?: readonly ServiceResponse[] | undefined;
}

/** `grpc.reflection.v1.ServiceResponse` */
export interface ServiceResponse {
  readonly name?: string | undefined;
}

/** `grpc.reflection.v1.ErrorResponse` */
export interface ErrorResponse {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | undefined;
}
