import type { AppError } from '../util/errors.js';

/** Whether this error came before a connection was made, so that the backend cannot have seen the request. */
export function wasNeverConnected(error: AppError): boolean {
  return error.kind === 'backendUnreachable' && isConnectFailure(error.cause);
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
  if (cause instanceof AggregateError) return cause.errors.every(isPassingFailure);
  return passingCodes.has(codeOf(cause));
}

/** What node says when it does not trust the other side; the request was not yet written then. */
const certificateCodes =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_|UNABLE_TO_|ERR_TLS_CERT_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH)/;

function isConnectFailure(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AggregateError) return cause.errors.every(isConnectFailure);
  const { syscall } = cause as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  return codeOf(cause) === 'UND_ERR_CONNECT_TIMEOUT' || certificateCodes.test(codeOf(cause));
}

function codeOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? '';
}
