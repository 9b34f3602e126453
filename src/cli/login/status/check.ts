import type { Login } from '../../../auth/create-auth.js';
import type { LimitsReader } from '../../../handlers/limits/limits-reader.js';
import type { LoginStatusReport } from '../../../protocol/schema/reports/login-status-report.js';
import type { Clock } from '../../../util/clock.js';
import { AppError, type ReplyReason } from '../../../util/errors.js';
import { isSignedOut, usageFailure } from '../../usage/failure.js';
import type { StatusError } from './report.js';

export interface CheckedLogin {
  readonly check: NonNullable<LoginStatusReport['check']>;
  /** Undefined if the login is valid. */
  readonly error: StatusError | undefined;
}

/**
 * Asks the backend whether a login is still valid, by a read of the limits: it is what the login is for, and refreshes the
 * tokens as any other read does.
 */
export async function checkLogin(
  login: Login,
  { limits, clock, signal }: { limits: LimitsReader; clock: Clock; signal: AbortSignal },
): Promise<CheckedLogin> {
  try {
    if (login.kind !== 'chatgpt') throw notCheckable;
    await limits.read({ maxAgeMs: 0, supportsLunaReserve: false, withResetCredits: false }, signal);
    return { check: { verdict: 'valid', checkedAt: seconds(clock) }, error: undefined };
  } catch (error) {
    const failure = usageFailure(error, clock.nowMs(), 'check the login');
    const { kind, data } = failure.error;
    const verdict = isSignedOut(kind) || invalidReasons.has(data.reason) ? 'invalid' : 'unknown';
    return { check: { verdict, checkedAt: failure.failedAt }, error: failure.error };
  }
}

const notCheckable = new AppError('unsupported', 'that can be done only for a login with ChatGPT');

/** The meanings of replies that refuse a login although its tokens are valid. */
const invalidReasons: ReadonlySet<unknown> = new Set<ReplyReason>([
  'deactivatedWorkspace',
  'invalidWorkspaceSelected',
]);

function seconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000);
}
