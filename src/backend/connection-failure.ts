import type { buildConnector } from 'undici';
import type { AppError } from '../util/errors.js';

/** No connection came about: nothing of the request was sent. Its message and code name no secret. */
export class ConnectError extends Error {
  /** Undefined: as its cause says. */
  readonly isPassing: boolean | undefined;

  constructor(message: string, options: { cause?: unknown; isPassing?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ConnectError';
    this.isPassing = options.isPassing;
  }
}

/** What fails to connect fails before anything of a request is written. */
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

/** Whether this error came before a connection was made, so that the backend cannot have seen the request. */
export function wasNeverConnected(error: AppError): boolean {
  return error.kind === 'backendUnreachable' && error.cause instanceof ConnectError;
}

/** Whether the connection was refused or lost, which another attempt may mend; a certificate stays as it is. */
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
  // One for each address of a name; one that has no route is no reason to give up the others.
  if (cause instanceof AggregateError) return cause.errors.some(isPassingFailure);
  return passingCodes.has(codeOf(cause));
}

function codeOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? '';
}
