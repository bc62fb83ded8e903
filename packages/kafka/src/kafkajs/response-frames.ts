import { reasonOf } from '@vigilant/core/adapter';
import Connection from 'kafkajs/src/network/connection.js';

/** The members of a kafkajs connection that `checkResponseFrames` uses. */
export interface FramedConnection {
  readonly socket: { destroy(error?: Error): unknown } | undefined;
  /** The received bytes of the next response. */
  chunks: Buffer[];
  bytesBuffered: number;
  /** Number of bytes needed to continue: the length prefix of a response, then the prefix and the response. */
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<boolean>;
  processData(data: Buffer): void;
}

/** Size of the length prefix of a response, in bytes. */
const LENGTH_BYTES = 4;

/**
 * Maximum length of a response, in bytes. Responses are far shorter, as records and fetches have limits; the first bytes of
 * other protocols, such as TLS and HTTP, decode to a greater length.
 */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

const patched = new WeakSet<FramedConnection>();

/**
 * Patches kafkajs 2.2.4 to split the bytes of a connection into responses correctly.
 *
 * When a response is too short for its correlation id, kafkajs throws in a listener of the socket, which ends the process. When it
 * reopens a connection that was lost in the middle of a response, it treats the first bytes as the rest of that response, and
 * reads every later one at a wrong position. It also keeps listening to the socket of the lost connection.
 */
export function checkResponseFrames(connection: FramedConnection = Connection.prototype): void {
  if (patched.has(connection)) return;
  patched.add(connection);
  const { connect, processData } = connection;
  /** The connections that are being opened. kafkajs reopens a closed one for each request. */
  const opening = new WeakMap<FramedConnection, Promise<boolean>>();
  connection.connect = function (this: FramedConnection) {
    if (this.isConnected()) return connect.call(this);
    const known = opening.get(this);
    if (known !== undefined) return known;
    this.socket?.destroy();
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = LENGTH_BYTES;
    const opened = connect.call(this).finally(() => opening.delete(this));
    opening.set(this, opened);
    return opened;
  };
  connection.processData = function (this: FramedConnection, data) {
    try {
      processData.call(this, data);
      if (this.bytesNeeded > MAX_RESPONSE_BYTES) throw new RangeError('a response is too long');
    } catch (error) {
      const message = `the server does not answer as Kafka does; check brokers and tls (${reasonOf(error)})`;
      this.socket?.destroy(new Error(message));
    }
  };
}
