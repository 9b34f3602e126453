/** Every value of `error.data.kind`: the reasons why a request can fail. */
export const errorKinds = [
  'authRequired',
  'authFileInvalid',
  'authStoreUnavailable',
  'authUnsupported',
  'unauthorized',
  'rateLimited',
  'backendStatus',
  'backendUnreachable',
  'timedOut',
  'badReply',
  'configInvalid',
  'accountChanged',
  'noSnapshot',
  'readOnly',
  'parseError',
  'invalidRequest',
  'notInitialized',
  'unsupported',
  'cancelled',
  'loginFailed',
  'shuttingDown',
  'upstreamUnavailable',
  'internal',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** The values of `error.data.reason` about a reply: what it means, if that is more than its status says. */
export const replyReasons = [
  'deactivatedWorkspace',
  'invalidWorkspaceSelected',
  'unsupportedCountry',
  'cloudflareChallenge',
  'captivePortal',
] as const;
export type ReplyReason = (typeof replyReasons)[number];

/** The values of `error.data.reason` about a connection: why it was not made, or cannot be used. */
export const connectionReasons = [
  'issuerNotTrusted',
  'certificateSelfSigned',
  'certificateExpired',
  'certificateNotYetValid',
  'certificateForOtherHost',
  'tlsFailed',
  'http2Only',
  'connectionRefused',
  'hostNotFound',
  'noRoute',
  'connectTimedOut',
] as const;
export type ConnectionReason = (typeof connectionReasons)[number];

/** Further members of `error.data`. See `ErrorData` in `protocol/schema/envelope.ts` for their meaning. */
export interface AppErrorDetails {
  readonly reason?: ReplyReason | ConnectionReason;
  readonly explanation?: string;
  readonly rayId?: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly outcomeKnown?: boolean;
  readonly member?: string;
  readonly stderr?: string;
}

/** An expected failure. Its message is safe to show: it has no token and no e-mail address. */
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

/** Returns a copy of the error with another message or with more details. */
export function amendedError(
  error: AppError,
  { message = error.message, details }: { message?: string; details?: AppErrorDetails },
): AppError {
  return new AppError(error.kind, message, { cause: error.cause, details: { ...error.details, ...details } });
}
