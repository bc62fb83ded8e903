declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** Requests of one connection. */
  export default class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    inflight: Map<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
    requestTimeoutIntervalId: NodeJS.Timeout | undefined;
    isConnected(): boolean;
    scheduleCheckPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
    destroy(): void;
  }
}

declare module 'lz4js' {
  export function decompress(source: Uint8Array, maxSize?: number): Uint8Array;
  export function decompressBound(source: Uint8Array): number;
}

declare module 'snappyjs' {
  export function compress(source: Uint8Array): Uint8Array;
  export function uncompress(source: Uint8Array, maxLength?: number): Uint8Array;
}
