import type { ErrorData, ErrorKind } from '../protocol.js';

/**
 * - `serverNotFound`, `serverNotExecutable`, `serverNotStarted`: there is no process
 * - `tooManyFailedStarts`: it has failed five times within three minutes, and is not started for now
 * - `serverExited`: it ended before it had answered
 * - `badMessage`: it wrote what is no message, or an answer that nobody had asked for
 * - `unsupportedServer`: it speaks another protocol, or serves an older version
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

/** The server has not answered. Whether it has carried out the request nobody knows, unless there was no process. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionErrorKind;

  constructor(kind: ConnectionErrorKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/** The server has answered with an error. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly method: string;
  /** The JSON-RPC code. */
  readonly code: number;
  /** `error.data` as it came; codex itself sends none. */
  readonly data: unknown;
  /** Why it failed; `unknown` where the server did not say so in `error.data`. */
  readonly kind: ErrorKind | 'unknown';
  /** What `error.data` tells besides. */
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
  const { kind, ...details } = (isObject ? data : {}) as Partial<ErrorData>;
  return typeof kind === 'string' ? { kind, ...details } : {};
}
