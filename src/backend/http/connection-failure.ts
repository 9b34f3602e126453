import type { buildConnector } from 'undici';
import type { AppError } from '../../util/errors.js';
import { type ConnectionProblem, hasNoWay } from './connection-problem.js';

/** No connection was made, so nothing of the request was sent. The message and the code show no secret. */
export class ConnectError extends Error {
  /** Whether another attempt may succeed; undefined if the cause decides. */
  readonly isPassing: boolean | undefined;
  /** Why, and what to do next; undefined if the cause says enough. */
  readonly problem: ConnectionProblem | undefined;

  constructor(
    message: string,
    options: { cause?: unknown; isPassing?: boolean; problem?: ConnectionProblem } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ConnectError';
    this.isPassing = options.isPassing;
    this.problem = options.problem;
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

/** Returns whether no connection was made because the machine has no way to the host, or cannot find it. */
export function isWithoutNetwork(error: unknown): boolean {
  return error instanceof ConnectError && hasNoWay(error.cause);
}

function isPassingFailure(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof ConnectError) return cause.isPassing ?? isPassingFailure(cause.cause);
  // It has one error for each address of a name. One address without a route does not rule out the others.
  if (cause instanceof AggregateError) return cause.errors.some(isPassingFailure);
  return passingCodes.has((cause as NodeJS.ErrnoException).code ?? '');
}
