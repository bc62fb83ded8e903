import Connection from 'kafkajs/src/network/connection.js';
import { HUNG } from './idle-connections';

let isPatched = false;
const watched = new WeakSet<object>();

/**
 * Patches kafkajs 2.2.4 to close a connection on which no response arrives.
 *
 * Without the patch, kafkajs keeps sending on the connection: the data stays in the memory of the socket, and the metadata keeps
 * listing the node that hangs.
 */
export function endHungConnections(): void {
  if (isPatched) return;
  isPatched = true;
  const { connect } = Connection.prototype;
  Connection.prototype.connect = function (this: Connection) {
    const { requestQueue } = this;
    if (!watched.has(requestQueue)) {
      watched.add(requestQueue);
      requestQueue.on(HUNG, () =>
        this.socket?.destroy(new Error('Kafka does not respond on this connection')),
      );
    }
    return connect.call(this);
  };
}
