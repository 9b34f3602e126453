/** Why a request failed: the words of `ErrorKind` in the protocol. */
export type AppErrorKind =
  | 'authRequired'
  | 'authFileInvalid'
  | 'unauthorized'
  | 'rateLimited'
  | 'backendStatus'
  | 'backendUnreachable'
  | 'timedOut'
  | 'badReply'
  | 'configInvalid'
  | 'parseError'
  | 'invalidRequest'
  | 'notInitialized'
  | 'unsupported'
  | 'cancelled'
  | 'shuttingDown'
  | 'internal';

/** What a program can read about a failure besides its kind; see `ErrorData` in the protocol. */
export interface AppErrorDetails {
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly outcomeKnown?: boolean;
  readonly member?: string;
}

/** A failure that was foreseen. Its message is safe to show: no token, no e-mail address. */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  readonly details: AppErrorDetails;

  constructor(
    kind: AppErrorKind,
    message: string,
    options: { cause?: unknown; details?: AppErrorDetails } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.details = options.details ?? {};
  }
}
