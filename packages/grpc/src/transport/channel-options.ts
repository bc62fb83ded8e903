/** Most bytes of a message that server and client take; a batch or page of ours stays well below. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** How often either side asks whether the other still lives; the server accepts the client's rate. */
export const KEEPALIVE_MS = 60_000;

/** How long it waits for the answer. */
export const KEEPALIVE_TIMEOUT_MS = 20_000;

/** What both sides of a connection agree on, as options of grpc-js. */
export const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.keepalive_time_ms': KEEPALIVE_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  'grpc.enable_channelz': 0,
} as const;
