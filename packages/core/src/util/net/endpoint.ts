import { checkIntegerOption, checkTextOption, invalidOption, optionError } from '../option-checks';
import { isLoopback, withoutBrackets } from './address';

/** Options of the endpoint of a server. */
export interface EndpointOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly socketPath?: string | undefined;
}

/** An endpoint with all defaults applied. */
export interface Endpoint {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Path of a Unix socket that replaces `host` and `port`. */
  readonly socketPath: string | undefined;
}

/** Rules of a server for its endpoint. */
export interface EndpointRules {
  /** The function that takes the options, such as `serveGrpc`. */
  readonly owner: string;
  readonly defaultPort: number;
  /** Whether other machines may connect. */
  readonly mayBeReached: boolean;
  /** How the caller allows other machines to connect, such as `set allowUnauthenticated`. */
  readonly remedy: string;
}

/** Maximum bytes of the path of a socket. The system truncates a longer one: Linux reserves 108 bytes for it, other systems 104. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Checks the endpoint of a server and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveEndpoint(options: EndpointOptions, rules: EndpointRules): Endpoint {
  const { owner, defaultPort, mayBeReached, remedy } = rules;
  const { socketPath, host: written = '127.0.0.1', port = defaultPort } = options;
  if (socketPath !== undefined && (options.host !== undefined || options.port !== undefined))
    throw optionError(`${owner}.socketPath replaces host and port. Set one or the other.`, {
      field: `${owner}.socketPath`,
      code: 'conflicting_option',
      reason: 'replaces host and port',
    });
  const host = withoutBrackets(checkTextOption(`${owner}.host`, written));
  if (socketPath === undefined && !isLoopback(host) && !mayBeReached)
    throw optionError(
      `${owner}.host: other machines can reach "${host}", and there is no authentication. Listen on 127.0.0.1, or ${remedy}.`,
      {
        field: `${owner}.host`,
        code: 'invalid_value',
        reason: `must be a loopback address, or ${remedy}`,
      },
    );
  return {
    host,
    port: checkIntegerOption(`${owner}.port`, port, 0, 65_535),
    socketPath: socketPath === undefined ? undefined : checkSocketPath(`${owner}.socketPath`, socketPath),
  };
}

function checkSocketPath(name: string, path: string): string {
  checkTextOption(name, path, { max: Infinity });
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  throw invalidOption(name, `at most ${MAX_SOCKET_PATH_BYTES} bytes long`, path);
}
