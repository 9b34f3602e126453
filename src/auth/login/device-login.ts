import type { CodeExchangeResult, IssuedTokens } from '../../backend/issuer/code-exchange.js';
import type { DeviceCode, DeviceGrant } from '../../backend/issuer/device-code.js';
import { AppError } from '../../util/errors.js';
import { pause } from '../../util/waiting.js';
import { clientIdOf, loginIssuer } from '../environment.js';
import { readIdToken } from '../id-token.js';
import { workspaceProblem } from '../login-rules.js';
import { saveIssuedTokens } from './save-issued-login.js';
import type { LoginContext, LoginFlow } from './flow.js';

/** The page and the code for signing in with any browser. */
export interface DeviceLoginAnswer {
  readonly verificationUrl: string;
  readonly userCode: string;
}

/**
 * Starts a login by a code that a person types into a browser.
 *
 * @throws AppError with the texts of `account/login/start`
 */
export async function startDeviceLogin(context: LoginContext): Promise<LoginFlow<DeviceLoginAnswer>> {
  const { base: issuerBase } = loginIssuer(context.environment);
  const clientId = clientIdOf(context.environment);
  const code = await context.issuer.requestDeviceCode({ issuerBase, clientId });
  const givenUp = new AbortController();
  const finished = finish(context, code, givenUp.signal).catch((error: unknown) => {
    throw error instanceof AppError ? asLoginFailure(error) : error;
  });
  // It may fail before anything waits for it.
  finished.catch(() => undefined);
  return {
    answer: { verificationUrl: `${issuerBase}/codex/device`, userCode: code.userCode },
    finished,
    cancel(message) {
      givenUp.abort(new AppError('loginFailed', message));
    },
  };
}

/** How long a person has to sign in. */
const limitMs = 15 * 60_000;

/** Without an interval the reference polls without a pause. A long interval would miss the end of the time limit. */
const intervalBoundsMs = { least: 1_000, most: 300_000 };

async function finish(context: LoginContext, code: DeviceCode, givenUp: AbortSignal): Promise<void> {
  const grant = await untilGranted(context, code, givenUp);
  const tokens = await exchanged(context, grant, givenUp);
  if (!readIdToken(tokens.idToken)) throw new AppError('loginFailed', 'invalid ID token format');
  const problem = workspaceProblem(context, readIdToken(tokens.idToken)?.accountId ?? null);
  if (problem !== undefined) throw new AppError('loginFailed', problem);
  await saveIssuedTokens(context, { tokens, apiKey: null }, givenUp);
}

async function untilGranted(
  { clock, issuer, environment }: LoginContext,
  code: DeviceCode,
  givenUp: AbortSignal,
): Promise<DeviceGrant> {
  const { base: issuerBase } = loginIssuer(environment);
  const overdue = new AbortController();
  const cancelTimer = clock.after(limitMs, () => {
    overdue.abort(new AppError('loginFailed', 'device auth timed out after 15 minutes'));
  });
  const signal = AbortSignal.any([givenUp, overdue.signal]);
  const intervalMs = Math.min(Math.max(code.intervalMs, intervalBoundsMs.least), intervalBoundsMs.most);
  try {
    for (;;) {
      const grant = await issuer.pollDeviceCode({ issuerBase, code }, signal);
      if (grant) return grant;
      await pause(clock, intervalMs, signal);
    }
  } finally {
    cancelTimer();
  }
}

async function exchanged(
  { issuer, environment }: LoginContext,
  { code, codeVerifier }: DeviceGrant,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  const { base: issuerBase } = loginIssuer(environment);
  const result: CodeExchangeResult = await issuer.exchangeCode({
    issuerBase,
    clientId: clientIdOf(environment),
    code,
    codeVerifier,
    redirectUri: `${issuerBase}/deviceauth/callback`,
    signal,
  });
  signal.throwIfAborted();
  if (result.kind === 'issued') return result.tokens;
  throw new AppError('loginFailed', `device code exchange failed: ${result.reason}`);
}

function asLoginFailure(error: AppError): AppError {
  return new AppError('loginFailed', error.message, { cause: error, details: error.details });
}
