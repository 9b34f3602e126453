import { CodexHomeError } from '../../config/codex-home.js';
import type { CommandError } from '../../protocol/schema/reports/command-error.js';
import type { ErrorData } from '../../protocol/schema/envelope.js';
import type { UsageFailure } from '../../protocol/schema/reports/usage-report.js';
import { AppError, type AppErrorDetails, type ReplyReason } from '../../util/errors.js';
import { safeLine } from '../../util/text/safe-text.js';

/**
 * Describes a failed read in the shape of `usage --json`. The message is for the user, the data for programs.
 *
 * @param attempt as of `failureSentence`
 */
export function usageFailure(error: unknown, failedAtMs: number, attempt = 'read the usage'): UsageFailure {
  const isExpected = error instanceof AppError || error instanceof CodexHomeError;
  const text = isExpected ? error.message : 'internal error';
  const { kind, details } = reasonOf(error);
  const message = failureSentence({ ...details, kind }, text, attempt);
  return {
    version: 1,
    failedAt: Math.floor(failedAtMs / 1000),
    error: commandError(kind, message, details),
  };
}

function reasonOf(error: unknown): { readonly kind: string; readonly details: AppErrorDetails } {
  if (error instanceof AppError) {
    const { kind, details, cause } = error;
    // Why a stored login cannot be used is in the cause: the protocol does not report it.
    const isReason = isAboutLogin(kind) && cause instanceof Error;
    return { kind, details: { ...(isReason && { explanation: cause.message }), ...details } };
  }
  return { kind: error instanceof CodexHomeError ? 'configInvalid' : 'internal', details: {} };
}

/** Makes the `error` of a command with `--json`. @param details those of the failed request, if one has failed */
export function commandError(
  kind: string,
  message: string,
  details: Omit<CommandError['data'], 'kind'>,
): CommandError {
  return { message, kind, data: { ...details, kind } };
}

/** Returns the error if no read is stored. @param maxAgeMs the greatest age that was asked for, if any */
export function noSnapshot(maxAgeMs: number | undefined): AppError {
  const young = maxAgeMs === undefined ? '' : ' that is young enough';
  return new AppError(
    'noSnapshot',
    `No read of the limits of this login${young} is stored; that of a personal access token never is. To read them: codex-account-server usage`,
  );
}

/** Returns whether an error of this kind means that there is no login with ChatGPT, or that it is no longer valid. */
export function isSignedOut(kind: string): boolean {
  return kind === 'authRequired' || kind === 'unauthorized';
}

/** Returns whether an error of this kind may be about a login that is stored, but cannot be used. */
export function isAboutLogin(kind: string): boolean {
  return kind in loginSentences;
}

const loginCommand = 'codex-account-server login';

/** The sentences about the stored login. `why` is the reason after a colon, or empty. */
const loginSentences = {
  authRequired: (why: string) => `You are not signed in with ChatGPT${why}. To sign in: ${loginCommand}`,
  authFileInvalid: (why: string) =>
    `The stored login (auth.json) cannot be read${why}. Repair it, or move it away and sign in: ${loginCommand}`,
  authStoreUnavailable: (why: string) => `The login is stored in the keyring, which cannot be used${why}.`,
} as const;

/**
 * Says what failed and what the user can do. The text ends with a full stop or with a command to type.
 *
 * @param message the text of the error, for kinds that have no text of their own here
 * @param attempt what was tried, as in `Cannot read the usage`
 */
export function failureSentence(
  data: Omit<ErrorData, 'kind'> & { readonly kind: string },
  message: string,
  attempt: string,
): string {
  const { httpStatus, retryAfterMs, requestId, explanation } = data;
  if (isAboutLogin(data.kind)) {
    const why = explanation === undefined ? '' : `: ${safeLine(explanation).replace(/\.$/, '')}`;
    return loginSentences[data.kind as keyof typeof loginSentences](why);
  }
  if (explanation?.startsWith('cannot ')) return withFullStop(safeLine(`C${explanation.slice(1)}`));
  if (explanation !== undefined) return `Cannot ${attempt}: ${withFullStop(safeLine(explanation))}`;
  const explain = sentenceAbout(data.reason);
  if (explain) return explain(data.rayId === undefined ? '' : ` (ray ${safeLine(data.rayId)})`);
  switch (data.kind) {
    case 'unauthorized':
      return 'The login has expired or was revoked. To sign in again: codex-account-server login';
    case 'authUnsupported':
      return 'The stored login has no ChatGPT tokens, so there are no limits to read. It stays as it is. To see what it is: codex-account-server login status';
    case 'noSnapshot':
      return message;
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
      return 'The response of the backend cannot be read.';
    case 'backendUnreachable':
      return `Cannot ${attempt}: ${withFullStop(shortened(message))} Check the network, the proxy and chatgpt_base_url.`;
    default:
      return `Cannot ${attempt}: ${withFullStop(shortened(message) || 'unknown reason')}`;
  }
}

function sentenceAbout(reason: ErrorData['reason']): ((ray: string) => string) | undefined {
  return reason && Object.hasOwn(replySentences, reason) ? replySentences[reason as ReplyReason] : undefined;
}

/** The sentences for each reason of a reply: its meaning, and the next step of the user. */
const replySentences: Readonly<Record<ReplyReason, (ray: string) => string>> = {
  deactivatedWorkspace: () =>
    'The workspace of this login is deactivated. Ask its owner, or sign in to another workspace: codex-account-server login',
  invalidWorkspaceSelected: () =>
    'This login is for a workspace that it can no longer use. To sign in to another one: codex-account-server login',
  unsupportedCountry: () =>
    'The backend does not serve the country that the request came from. If you are in another country, check the VPN and the proxy.',
  cloudflareChallenge: (ray) =>
    `Cloudflare asks for a check that only a browser can pass${ray}. Try again later, or from another network, without a VPN or proxy.`,
  captivePortal: () =>
    'The network answered in place of the backend, as it does until you have signed in to it. Open any page in a browser; if it asks for no sign-in, check the proxy and chatgpt_base_url.',
};

const longestMessage = 300;

/** Returns the first line of a message, shortened. */
function shortened(message: string): string {
  const line = safeLine(message.replace(/\n.*/s, ''));
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}

export function withFullStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
