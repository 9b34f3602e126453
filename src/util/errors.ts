/** Why a request failed: the closed list of `error.data.kind`. */
export const errorKinds = [
  'authRequired',
  'authFileInvalid',
  'authStoreUnavailable',
  'unauthorized',
  'rateLimited',
  'backendStatus',
  'backendUnreachable',
  'timedOut',
  'badReply',
  'configInvalid',
  'readOnly',
  'parseError',
  'invalidRequest',
  'notInitialized',
  'unsupported',
  'cancelled',
  'loginFailed',
  'shuttingDown',
  'internal',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

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
  readonly kind: ErrorKind;
  readonly details: AppErrorDetails;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { cause?: unknown; details?: AppErrorDetails } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.details = options.details ?? {};
  }
}

/** The same error with another message, or with details added. */
export function amendedError(
  error: AppError,
  { message = error.message, details }: { message?: string; details?: AppErrorDetails },
): AppError {
  return new AppError(error.kind, message, { cause: error.cause, details: { ...error.details, ...details } });
}
