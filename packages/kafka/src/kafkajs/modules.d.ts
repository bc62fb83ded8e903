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

declare module 'kafkajs/src/broker/index.js' {
  /** One node of a cluster. */
  export default class Broker {
    /** The versions that it offers of each request, by number. */
    apiVersions(): Promise<Record<number, { minVersion: number; maxVersion: number }>>;
    /** Ends its connections; the next request opens them again. */
    disconnect(): Promise<void>;
  }
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  /** The versions that kafkajs speaks of each request. */
  export const requests: Readonly<Record<string, { readonly versions: readonly string[] }>>;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  /** The numbers of requests. */
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  /** What a consumer knows of its group. */
  export default class ConsumerGroup {
    /** Positions in the present assignment; each has one of its own. */
    readonly offsetManager: object | null;
    fetch(nodeId: number): Promise<object[]>;
  }
}

declare module 'kafkajs/src/consumer/runner.js' {
  /** Fetches, and hands over what it got. */
  export default class Runner {
    handleBatch(batch: object): Promise<void>;
  }
}
