import { ResponseError } from './jsonrpc.js';
import type { ErrorData } from '../../protocol/schema/envelope.js';
import type { Method } from '../../protocol/methods.js';
import { AppError, type ErrorKind } from '../../util/errors.js';
import type { Log } from '../../util/log.js';

/** The JSON-RPC code of each kind of error. No other file knows them. */
const codes: Record<ErrorKind, number> = {
  parseError: -32700,
  invalidRequest: -32600,
  notInitialized: -32600,
  unsupported: -32600,
  authRequired: -32600,
  authFileInvalid: -32600,
  authStoreUnavailable: -32600,
  authUnsupported: -32600,
  accountChanged: -32600,
  readOnly: -32600,
  noSnapshot: -32603,
  unauthorized: -32603,
  rateLimited: -32603,
  backendStatus: -32603,
  backendUnreachable: -32603,
  timedOut: -32603,
  badReply: -32603,
  configInvalid: -32603,
  shuttingDown: -32603,
  loginFailed: -32603,
  upstreamUnavailable: -32603,
  internal: -32603,
  cancelled: -32800,
};

/**
 * Returns the response to a request that failed. Any error that is not an AppError becomes "internal error". The log
 * gets its class and place, not its message, which may contain a secret.
 *
 * The response to a consume always has `outcomeKnown`. An AppError without it was thrown before the consume was sent,
 * so the outcome is known.
 */
export function errorResponse(error: unknown, method: string, log: Log): ResponseError<ErrorData> {
  const isExpected = error instanceof AppError;
  if (!isExpected) log.error(`internal error in ${method}: ${placeOf(error)}`);
  const { kind, message, details } = isExpected ? error : new AppError('internal', 'internal error');
  const data: ErrorData = { kind, ...details };
  if (method === consume) data.outcomeKnown ??= isExpected;
  return new ResponseError(codeOf(kind, method), message, data);
}

/** Returns the code of a kind. An unusable login store is an invalid request, except for methods that write to it. */
function codeOf(kind: ErrorKind, method: string): number {
  const isStoreError = kind === 'authFileInvalid' || kind === 'authStoreUnavailable';
  return isStoreError && storeWriters.has(method) ? codes.internal : codes[kind];
}

const storeWriters: ReadonlySet<string> = new Set<Method>([
  'account/login/start',
  'account/logout',
  'accountSession/switch',
]);

const consume: Method = 'account/rateLimitResetCredit/consume';

/** Returns the class of the error and the first lines of its stack. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack = '' } = error;
  const heading = `${name}: ${message}\n`;
  const frames = stack.startsWith(heading) ? stack.slice(heading.length).split('\n') : [];
  return [name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ');
}
