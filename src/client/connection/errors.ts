import { boundedRetryAfterMs } from '../../limits/pace.js';
import { AccountServerError, isAccountServerError } from '../error.js';
import type { ErrorData, ErrorKind } from '../protocol.js';

/**
 * The reasons why a server did not answer.
 *
 * - `serverNotFound`, `serverNotExecutable`, `serverNotStarted`: there is no process
 * - `tooManyFailedStarts`: it failed five times within three minutes, and is not started for now
 * - `serverExited`: it exited before it answered
 * - `badMessage`: it wrote a line that is not a message, or an answer to no request
 * - `unsupportedServer`: it speaks another protocol, or its version is too old
 * - `timedOut`: no answer within the time limit of the call
 * - `closed`: the client was closed before the call
 */
export type ConnectionErrorKind =
  | 'serverNotFound'
  | 'serverNotExecutable'
  | 'serverNotStarted'
  | 'tooManyFailedStarts'
  | 'serverExited'
  | 'badMessage'
  | 'unsupportedServer'
  | 'timedOut'
  | 'closed';

/** The server did not answer. Unless there was no process, it may have carried out the request. */
export class ConnectionError extends AccountServerError {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionErrorKind;
  /** True for `serverExited` and `timedOut`. */
  readonly isRetryable: boolean;
  readonly retryAfterMs = undefined;
  /**
   * The end of what this server process has written to stderr: whole lines, at most 4 KiB, with everything masked that
   * looks like a token, a key or an e-mail address. Empty if the server wrote nothing, if its stderr is inherited, or if
   * no process was started. Not enumerable, so that a logged error does not show it.
   */
  declare readonly stderrTail: string;

  constructor(
    kind: ConnectionErrorKind,
    message: string,
    { cause, stderrTail = '' }: { cause?: unknown; stderrTail?: string } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.isRetryable = kind === 'serverExited' || kind === 'timedOut';
    Object.defineProperty(this, 'stderrTail', { value: stderrTail, enumerable: false });
  }
}

/** The server answered with an error. */
export class RequestError extends AccountServerError {
  override readonly name = 'RequestError';
  readonly method: string;
  /** The JSON-RPC code. */
  readonly code: number;
  /** `error.data` as it was received. codex itself sends none. */
  readonly data: unknown;
  /** The reason; `unknown` if `error.data` does not say it. */
  readonly kind: ErrorKind | 'unknown';
  /**
   * True for `backendUnreachable`, `timedOut`, `shuttingDown` and `rateLimited`, for `backendStatus` with a status of
   * 500 or above, and for code -32001.
   */
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** The other members of `error.data`. */
  readonly details: Omit<ErrorData, 'kind'>;

  constructor(method: string, answer: { code: number; message: string; data?: unknown }) {
    super(answer.message);
    this.method = method;
    this.code = answer.code;
    this.data = answer.data;
    const { kind = 'unknown', ...details } = readErrorData(answer.data);
    this.kind = kind;
    this.details = details;
    this.retryAfterMs = details.retryAfterMs;
    this.isRetryable = mayPass(answer.code, kind, details);
  }
}

/**
 * Returns whether an error is a `RequestError` of any copy of this library.
 *
 * @example
 * const account = await client.readAccount().catch((error: unknown) => {
 *   if (isRequestError(error) && error.kind === 'configInvalid') return null;
 *   throw error;
 * });
 */
export function isRequestError(error: unknown): error is RequestError {
  return isAccountServerError(error) && error.name === 'RequestError';
}

/**
 * Returns whether an error is a `ConnectionError` of any copy of this library.
 *
 * @example
 * await client.readRateLimits().catch((error: unknown) => {
 *   if (isConnectionError(error)) console.error(error.kind, error.stderrTail);
 * });
 */
export function isConnectionError(error: unknown): error is ConnectionError {
  return isAccountServerError(error) && error.name === 'ConnectionError';
}

/** The code with which codex refuses a request because too many are waiting. It has not begun this one. */
const overloaded = -32001;

function mayPass(
  code: number,
  kind: RequestError['kind'],
  { httpStatus = 0 }: RequestError['details'],
): boolean {
  switch (kind) {
    case 'backendUnreachable':
    case 'timedOut':
    case 'shuttingDown':
    case 'rateLimited':
      return true;
    case 'backendStatus':
      return httpStatus >= 500;
    default:
      return code === overloaded;
  }
}

function readErrorData(data: unknown): Partial<ErrorData> {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const { kind, retryAfterMs, ...details } = (isObject ? data : {}) as Partial<ErrorData>;
  if (typeof kind !== 'string') return {};
  // Another server may send anything.
  if (typeof retryAfterMs !== 'number') return { kind, ...details };
  return { kind, ...details, retryAfterMs: boundedRetryAfterMs(retryAfterMs) };
}
