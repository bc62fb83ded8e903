declare module 'kafkajs/src/network/connection.js' {
  import type { ISocketFactory, Logger } from 'kafkajs';
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  import type { Socket } from 'node:net';
  import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

  export interface ConnectionOptions {
    readonly host: string;
    readonly port: number;
    readonly logger: Logger;
    readonly socketFactory: ISocketFactory;
    readonly requestTimeout: number;
    readonly connectionTimeout: number;
  }

  /** A request, and how its response is read. */
  export interface ProtocolCall<T> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      encode(): Promise<Encoder>;
    };
    readonly response: { decode(payload: Buffer): Promise<object>; parse(decoded: object): Promise<T> };
  }

  /** A connection to a node. It can be reopened. */
  export default class Connection {
    readonly requestQueue: RequestQueue;
    readonly socket: Socket | undefined;
    readonly sessionLifetime: { toString(): string };
    reauthenticationThreshold: number;
    chunks: Buffer[];
    bytesBuffered: number;
    bytesNeeded: number;
    constructor(options: ConnectionOptions);
    isAuthenticated(): boolean;
    isConnected(): boolean;
    connect(): Promise<boolean>;
    disconnect(): Promise<true>;
    processData(data: Buffer): void;
    /** Resolves to the parsed response. */
    send<T>(call: ProtocolCall<T>): Promise<T>;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  /** Encodes the body of a request. */
  export default class Encoder {}
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  import type { EventEmitter } from 'node:events';

  /** Requests of one connection. */
  export default class RequestQueue extends EventEmitter {
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
    produce(request: ProduceRequest): Promise<ProduceResponse>;
    listOffsets(request: ListOffsetsRequest): Promise<ListOffsetsResponse>;
    readonly lookupRequest: (apiKey: number, definition: object) => (fields: object) => unknown;
    joinGroup(request: object): Promise<{ readonly memberId: string }>;
    syncGroup(request: object): Promise<unknown>;
    heartbeat(request: object): Promise<unknown>;
    leaveGroup(request: object): Promise<unknown>;
    /** Resolves to the supported versions of each request, by its number. */
    apiVersions(): Promise<Record<number, { minVersion: number; maxVersion: number }>>;
    /** Closes the connections. The next request opens them again. */
    disconnect(): Promise<void>;
  }

  export interface ProduceRequest {
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly messages: readonly object[] }[];
    }[];
  }

  /** The response to a request without errors. The error of a partition is thrown. */
  export interface ProduceResponse {
    readonly topics: readonly {
      readonly topicName: string;
      readonly partitions: readonly { readonly partition: number; readonly baseOffset: string }[];
    }[];
  }

  export interface ListOffsetsRequest {
    readonly isolationLevel: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }

  /** The response to a request without errors. The error of a partition is thrown. */
  export interface ListOffsetsResponse {
    readonly responses: readonly {
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }
}

declare module 'kafkajs/src/cluster/index.js' {
  import type { KafkaConfig, Logger } from 'kafkajs';
  import type Broker from 'kafkajs/src/broker/index.js';

  export interface ClusterOptions extends KafkaConfig {
    readonly logger: Logger;
    readonly allowAutoTopicCreation: boolean;
  }

  /** The nodes of a cluster and the metadata of its topics. */
  export default class Cluster {
    constructor(options: ClusterOptions);
    connect(): Promise<void>;
    /** Includes this topic in the metadata from now on. */
    addTargetTopic(topic: string): Promise<void>;
    refreshMetadata(): Promise<void>;
    findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
    /** Returns partitions by the id of the node that leads them, without those that are not in the metadata. */
    findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
    findBroker(node: { readonly nodeId: string }): Promise<Broker>;
  }
}

declare module 'kafkajs/src/admin/index.js' {
  import type { Admin, Logger, RetryOptions } from 'kafkajs';
  import type Cluster from 'kafkajs/src/cluster/index.js';

  export default function createAdmin(parts: {
    readonly logger: Logger;
    readonly cluster: Cluster;
    readonly retry: RetryOptions;
  }): Admin;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  /** The versions of each request that kafkajs supports. */
  export const requests: Readonly<Record<string, { readonly versions: readonly string[] }>>;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  /** The numbers of requests. */
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  export interface TopicPartitions {
    readonly topic: string;
    readonly partitions: readonly number[];
  }

  /** The state of a consumer in its group. */
  export default class ConsumerGroup {
    /** Positions in the current assignment. Each assignment has its own. */
    readonly offsetManager: object | null;
    readonly maxWaitTime: number;
    readonly subscriptionState: { assigned(): readonly TopicPartitions[] };
    filterPartitionsByNode(nodeId: number, assigned: readonly TopicPartitions[]): readonly TopicPartitions[];
    getActiveTopicPartitions(): Readonly<Record<string, ReadonlySet<number>>>;
    fetch(nodeId: number): Promise<object[]>;
  }
}

declare module 'kafkajs/src/consumer/runner.js' {
  import type { Logger } from 'kafkajs';

  export interface RunnerOptions {
    readonly logger: Logger;
    readonly consumerGroup: object;
    readonly instrumentationEmitter: object;
    readonly concurrency: number;
    readonly onCrash: (error: Error) => void;
  }

  /** Fetches batches and passes them to the consumer. */
  export default class Runner {
    /** Whether `stop` has not been called. */
    readonly running: boolean;
    /** The fetchers, one for each node. */
    readonly fetchManager: { stop(): Promise<void> };
    constructor(options: RunnerOptions);
    start(): Promise<void>;
    stop(): Promise<void>;
    /** Resolves to the batches of one node. Resolves at once after `stop`. */
    fetch(nodeId: number): Promise<object[]>;
    handleBatch(batch: object): Promise<void>;
  }
}

declare module 'kafkajs/src/broker/saslAuthenticator/plain.js' {
  import type { AuthenticationProviderArgs, Authenticator } from 'kafkajs';

  export default function createProvider(credentials: {
    readonly username: string;
    readonly password: string;
  }): (connection: AuthenticationProviderArgs) => Authenticator;
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram256.js' {
  import type { AuthenticationProviderArgs, Authenticator } from 'kafkajs';

  export default function createProvider(credentials: {
    readonly username: string;
    readonly password: string;
  }): (connection: AuthenticationProviderArgs) => Authenticator;
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram512.js' {
  import type { AuthenticationProviderArgs, Authenticator } from 'kafkajs';

  export default function createProvider(credentials: {
    readonly username: string;
    readonly password: string;
  }): (connection: AuthenticationProviderArgs) => Authenticator;
}

declare module 'kafkajs/src/protocol/sasl/oauthBearer/index.js' {
  export function request(
    options: object,
    token: { readonly value: string; readonly extensions?: Readonly<Record<string, string>> | undefined },
  ): Promise<{ encode(): Promise<Buffer> }>;
}
