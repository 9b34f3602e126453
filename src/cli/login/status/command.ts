import type { LoginStatus } from '../../../auth/create-auth.js';
import { CodexHomeError } from '../../../config/codex-home.js';
import { AppError } from '../../../util/errors.js';
import { safeLine } from '../../../util/text/safe-text.js';
import type { LoginStatusIo } from '../../io.js';
import { withOwnServices } from '../../in-process/own-services.js';
import { cannotWrite, print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import type { CheckedLogin } from './check.js';
import type { StatusChoice } from './choice.js';
import type { StatusError } from './report.js';

const verdictCodes = { valid: 0, invalid: 1, unknown: 4 } as const;

/**
 * Shows how the user is signed in: on stderr in the words of codex, the details on stdout. Resolves with 0 if signed in, 1
 * if not; after a check with its result.
 */
export async function showLoginStatus(choice: StatusChoice, io: LoginStatusIo): Promise<number> {
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => undefined);
  const read = await readLogin(choice, io).catch(failureOf);
  try {
    return await ('error' in read ? showFailure(read, choice, io) : show(read, choice, io));
  } catch (error) {
    await print(io.stderr, cannotWrite('login status', error));
    return 1;
  }
}

async function show(
  { status, checked }: ReadLogin,
  { isVerbose, isJson }: StatusChoice,
  io: LoginStatusIo,
): Promise<number> {
  if (!isJson) await print(io.stderr, textOf(status.login));
  if (isVerbose || isJson || io.stdout.isTTY === true) {
    const { showDetails } = await import('./show.js');
    await showDetails(status, { isJson, ...checked }, io);
  }
  if (checked && !isJson) await showCheck(checked, io);
  if (status.login.kind === 'none') return 1;
  return checked ? verdictCodes[checked.check.verdict] : 0;
}

interface ReadLogin {
  readonly status: LoginStatus;
  readonly checked: CheckedLogin | undefined;
}

/** @throws CodexHomeError, AppError as `readLoginStatus` */
function readLogin({ isChecking }: StatusChoice, io: LoginStatusIo): Promise<ReadLogin> {
  const { env: environment, clock, random, stderr, untilStopped } = io;
  const writeLog = (line: string): void => void stderr.write(line);
  return withOwnServices({ environment, clock, random, writeLog }, async ({ auth, limits }) => {
    const status = await auth.readStatus();
    if (!isChecking || status.login.kind === 'none') return { status, checked: undefined };
    const stop = new AbortController();
    void untilStopped().then(() => stop.abort(new AppError('cancelled', 'interrupted')));
    const { checkLogin } = await import('./check.js');
    const checked = await checkLogin(status.login, { limits, clock, signal: stop.signal });
    // The check may have refreshed the tokens.
    return { status: await auth.readStatus(), checked };
  });
}

async function showCheck({ error, check }: CheckedLogin, io: LoginStatusIo): Promise<void> {
  const { wrapped } = await import('../../terminal/wrapped-text.js');
  const stream = error ? io.stderr : io.stdout;
  const doubt = check.verdict === 'unknown' ? 'It is not known whether the login is still valid. ' : '';
  const text = error ? doubt + error.message : 'The backend accepts this login.';
  await print(stream, `${wrapped(text, textStyleFor(stream, io.env).columns).join('\n')}\n`);
}

interface StatusFailure {
  readonly prefix: string;
  readonly error: StatusError;
}

/** @throws an unexpected error */
function failureOf(error: unknown): StatusFailure {
  if (!(error instanceof CodexHomeError) && !(error instanceof AppError)) throw error;
  const message = safeLine(error.message);
  if (error instanceof CodexHomeError) {
    const kind = 'configInvalid';
    return { prefix: 'Error', error: { message, kind, data: { kind } } };
  }
  const { kind, details } = error;
  const prefix = kind === 'configInvalid' ? 'Error loading configuration' : 'Error checking login status';
  return { prefix, error: { message, kind, data: { kind, ...details } } };
}

async function showFailure(
  { prefix, error }: StatusFailure,
  { isJson }: StatusChoice,
  io: LoginStatusIo,
): Promise<1> {
  if (isJson) {
    const { showDetails } = await import('./show.js');
    const nobody: LoginStatus = { login: { kind: 'none' }, place: undefined };
    await showDetails(nobody, { isJson, error }, io);
  } else await print(io.stderr, `${prefix}: ${error.message}\n`);
  return 1;
}

function textOf(login: LoginStatus['login']): string {
  switch (login.kind) {
    case 'none':
      return `Not logged in\n${login.reason === undefined ? '' : `${safeLine(capitalized(login.reason))}\n`}`;
    case 'chatgpt':
      return login.source === 'personalAccessToken'
        ? 'Logged in using personal access token\n'
        : 'Logged in using ChatGPT\n';
    case 'apiKey':
      // No part of the key is shown (D34).
      return 'API key configured - ***\nAuthentication is checked when you send a request.\n';
    case 'bedrock':
      return `Logged in using ${bedrockCredentials[login.credentials]}\n`;
  }
}

const bedrockCredentials = {
  apiKey: 'Amazon Bedrock API key',
  accessKeys: 'Amazon Bedrock AWS access keys',
} as const;

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
