/** Maximum bytes of a message in either direction. Our own batches and pages stay well below. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Interval of keepalive pings on both sides, in milliseconds. */
export const KEEPALIVE_MS = 60_000;

/** How long a peer may take to answer a ping, in milliseconds. */
export const KEEPALIVE_TIMEOUT_MS = 20_000;

/** The grpc-js options that server and client share. */
export const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.keepalive_time_ms': KEEPALIVE_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  'grpc.enable_channelz': 0,
} as const;
