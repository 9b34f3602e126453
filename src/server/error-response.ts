import { ResponseError } from './jsonrpc.js';
import type { ErrorData } from '../protocol/schema/envelope.js';
import type { Method } from '../protocol/methods.js';
import { AppError, type ErrorKind } from '../util/errors.js';
import type { Log } from '../util/log.js';

/** The JSON-RPC codes, decided here alone. */
const codes: Record<ErrorKind, number> = {
  parseError: -32700,
  invalidRequest: -32600,
  notInitialized: -32600,
  unsupported: -32600,
  authRequired: -32600,
  authFileInvalid: -32600,
  authStoreUnavailable: -32600,
  readOnly: -32600,
  unauthorized: -32603,
  rateLimited: -32603,
  backendStatus: -32603,
  backendUnreachable: -32603,
  timedOut: -32603,
  badReply: -32603,
  configInvalid: -32603,
  shuttingDown: -32603,
  loginFailed: -32603,
  internal: -32603,
  cancelled: -32800,
};

/**
 * The answer to a request that failed. What was not foreseen becomes "internal error" on the wire; the log gets its
 * kind and place, not its text, which might hold anything.
 *
 * Every failed consume says whether its outcome is known: a foreseen failure that does not tell came before anything
 * was sent.
 */
export function errorResponse(error: unknown, method: string, log: Log): ResponseError<ErrorData> {
  const isForeseen = error instanceof AppError;
  if (!isForeseen) log.error(`internal error in ${method}: ${placeOf(error)}`);
  const { kind, message, details } = isForeseen ? error : new AppError('internal', 'internal error');
  const data: ErrorData = { kind, ...details };
  if (method === consume) data.outcomeKnown ??= isForeseen;
  return new ResponseError(codeOf(kind, method), message, data);
}

/** That the store cannot be used is the caller's problem, unless it is the store that was to be changed. */
function codeOf(kind: ErrorKind, method: string): number {
  const isStoreError = kind === 'authFileInvalid' || kind === 'authStoreUnavailable';
  return isStoreError && storeWriters.has(method) ? codes.internal : codes[kind];
}

const storeWriters: ReadonlySet<string> = new Set<Method>(['account/login/start', 'account/logout']);

const consume: Method = 'account/rateLimitResetCredit/consume';

/** The class of the error and the functions it passed through. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack = '' } = error;
  const heading = `${name}: ${message}\n`;
  const frames = stack.startsWith(heading) ? stack.slice(heading.length).split('\n') : [];
  return [name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ');
}
