import { CodexHomeError } from '../../config/codex-home.js';
import type { ErrorData } from '../../protocol/schema/envelope.js';
import type { UsageFailure } from '../../protocol/schema/usage-report.js';
import { AppError } from '../../util/errors.js';
import { safeLine } from '../terminal/plain-text.js';

/** What went wrong, for people and for programs. */
export function usageFailure(error: unknown, failedAtMs: number): UsageFailure {
  const isForeseen = error instanceof AppError || error instanceof CodexHomeError;
  const text = isForeseen ? error.message : 'internal error';
  const data = dataOf(error);
  return {
    version: 1,
    failedAt: Math.floor(failedAtMs / 1000),
    error: { message: failureSentence(data, text, 'read the usage'), data },
  };
}

function dataOf(error: unknown): UsageFailure['error']['data'] {
  if (error instanceof AppError) return { kind: error.kind, ...error.details };
  return { kind: error instanceof CodexHomeError ? 'configInvalid' : 'internal' };
}

/** Whether nobody is signed in, or with what no longer holds. */
export function isSignedOut({ error }: UsageFailure): boolean {
  return error.data.kind === 'authRequired' || error.data.kind === 'unauthorized';
}

const longestMessage = 300;

/** Its first line, and not too much of it. */
function shortened(message: string): string {
  const line = safeLine(message.replace(/\n.*/s, ''));
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}

/**
 * @param message what the program that failed says of it, for kinds without a sentence of their own
 * @param attempt what was tried, as in `Cannot read the usage`
 */
export function failureSentence(
  data: Omit<ErrorData, 'kind'> & { readonly kind: string },
  message: string,
  attempt: string,
): string {
  const { httpStatus, retryAfterMs, requestId } = data;
  switch (data.kind) {
    case 'authRequired':
      return 'Nobody is signed in with ChatGPT. To sign in: codex-account-server login';
    case 'unauthorized':
      return 'The login has expired or was revoked. To sign in again: codex-account-server login';
    case 'authFileInvalid':
      return 'The stored login (auth.json) cannot be read; stderr says why. Mend it, or move it away and sign in: codex-account-server login';
    case 'authStoreUnavailable':
      return 'The login is stored in the keyring, which cannot be used; stderr says why.';
    case 'rateLimited': {
      const when = retryAfterMs === undefined ? 'later' : `in ${Math.ceil(retryAfterMs / 1000)} s`;
      return `The backend was asked too often. Try again ${when}.`;
    }
    case 'backendStatus': {
      const request = requestId === undefined ? '' : ` (request ${safeLine(requestId)})`;
      return `The backend answered with status ${httpStatus ?? 'unknown'}${request}.`;
    }
    case 'timedOut':
      return 'The backend did not answer in time.';
    case 'badReply':
      return 'The backend answered what cannot be read.';
    case 'backendUnreachable':
      return `Cannot ${attempt}: ${shortened(message)}. Are the network, the proxy and chatgpt_base_url right?`;
    default:
      return `Cannot ${attempt}: ${shortened(message) || 'unknown reason'}`;
  }
}
