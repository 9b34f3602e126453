import { boundedRetryAfterMs } from '../../limits/pace.js';
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
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionErrorKind;

  constructor(kind: ConnectionErrorKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/** The server answered with an error. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly method: string;
  /** The JSON-RPC code. */
  readonly code: number;
  /** `error.data` as it was received. codex itself sends none. */
  readonly data: unknown;
  /** The reason; `unknown` if `error.data` does not say it. */
  readonly kind: ErrorKind | 'unknown';
  /** The other members of `error.data`; `retryAfterMs` is at most a quarter of an hour. */
  readonly details: Omit<ErrorData, 'kind'>;

  constructor(method: string, answer: { code: number; message: string; data?: unknown }) {
    super(answer.message);
    this.method = method;
    this.code = answer.code;
    this.data = answer.data;
    const { kind = 'unknown', ...details } = readErrorData(answer.data);
    this.kind = kind;
    this.details = details;
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
