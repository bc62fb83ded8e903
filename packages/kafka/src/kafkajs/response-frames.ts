import Connection from 'kafkajs/src/network/connection.js';

/** The members of a kafkajs connection that `checkResponseFrames` uses. */
export interface FramedConnection {
  readonly socket: { destroy(error?: Error): unknown } | undefined;
  /** What was received of the next response. */
  chunks: Buffer[];
  bytesBuffered: number;
  /** Length of the next response with the number that states it; of that number alone while it is not known. */
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<boolean>;
  processData(data: Buffer): void;
}

/** Length of the number that states the length of a response, in bytes. */
const LENGTH_BYTES = 4;

/**
 * Maximum length of a response, in bytes. Responses are far shorter, as records and fetches have limits; the first bytes of
 * other protocols, such as TLS and HTTP, look like a greater length.
 */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

const patched = new WeakSet<FramedConnection>();

/**
 * Patches kafkajs 2.2.4 to divide the bytes of a connection into responses correctly.
 *
 * When a response is too short for its head, kafkajs throws in a listener of the socket, which ends the process. When it opens a
 * connection again that was lost in the middle of a response, it takes the first bytes for the rest of that response, and reads
 * every later one at a wrong position. It also still listens to the socket of the lost connection.
 */
export function checkResponseFrames(connection: FramedConnection = Connection.prototype): void {
  if (patched.has(connection)) return;
  patched.add(connection);
  const { connect, processData } = connection;
  connection.connect = function (this: FramedConnection) {
    if (!this.isConnected()) {
      this.socket?.destroy();
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = LENGTH_BYTES;
    }
    return connect.call(this);
  };
  connection.processData = function (this: FramedConnection, data) {
    try {
      processData.call(this, data);
      if (this.bytesNeeded <= MAX_RESPONSE_BYTES) return;
    } catch {
      // The length of a response is wrong.
    }
    this.socket?.destroy(new Error('the server does not answer as Kafka does; check brokers and tls'));
  };
}
