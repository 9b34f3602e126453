import type { buildConnector } from 'undici';
import type { AppError } from '../../util/errors.js';

/** No connection was made, so nothing of the request was sent. The message and the code show no secret. */
export class ConnectError extends Error {
  /** Whether another attempt may succeed; undefined if the cause decides. */
  readonly isPassing: boolean | undefined;

  constructor(message: string, options: { cause?: unknown; isPassing?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ConnectError';
    this.isPassing = options.isPassing;
  }
}

/** Turns the errors of a connector into ConnectErrors: it fails before anything of a request is written. */
export function withConnectErrors(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (!error) {
        callback(null, socket);
        return;
      }
      callback(
        error instanceof ConnectError ? error : new ConnectError(error.message, { cause: error }),
        null,
      );
    });
  };
}

/** Returns whether no connection was made, so that the backend cannot have seen the request. */
export function wasNeverConnected(error: AppError): boolean {
  return error.kind === 'backendUnreachable' && error.cause instanceof ConnectError;
}

/** Returns whether the connection was refused or lost, so that another attempt may succeed. */
export function wasRefusedOrLost(error: AppError): boolean {
  return error.kind === 'backendUnreachable' && isPassingFailure(error.cause);
}

const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

function isPassingFailure(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof ConnectError) return cause.isPassing ?? isPassingFailure(cause.cause);
  // It has one error for each address of a name. One address without a route does not rule out the others.
  if (cause instanceof AggregateError) return cause.errors.some(isPassingFailure);
  return passingCodes.has(codeOf(cause));
}

function codeOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? '';
}

/**
 * Returns whether the other end speaks only HTTP/2, which this server does not (D22): it refused HTTP/1.1 in the TLS
 * handshake, or it answered with the first frame of HTTP/2 (RFC 9113, section 4.1): SETTINGS or GOAWAY of the stream 0.
 */
export function speaksOnlyHttp2(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause } = error;
  if (error instanceof ConnectError && cause instanceof Error) {
    return codeOf(cause) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
  }
  // undici's HTTPParserError has what could not be read.
  const { data } = error as { readonly data?: unknown };
  return typeof data === 'string' && /^\0\0[^][\x04\x07][^]\0{4}/.test(data);
}
