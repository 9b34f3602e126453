import { systemClock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { createCommandClient } from '../command-client.js';
import type { LoginIo } from '../io.js';
import { withOwnServices } from '../in-process/own-services.js';
import { readSecret } from './read-secret.js';

type WriteLine = (line: string) => void;

/**
 * Stores the API key from stdin, without white space around it. Resolves with the exit code.
 * @throws RequestError with the reason of the server, ConnectionError
 */
export async function signInWithKey({ stdin, serverEnv }: LoginIo, writeLine: WriteLine): Promise<number> {
  const secret = { name: 'API key', option: '--with-api-key', variable: 'OPENAI_API_KEY' };
  const apiKey = (await readSecret(stdin, secret, writeLine))?.trim();
  if (apiKey === undefined) return 1;
  if (apiKey === '') {
    writeLine('No API key provided via stdin.');
    return 1;
  }
  const client = createCommandClient(serverEnv, { timeoutMs: Infinity });
  await client.request('account/login/start', { type: 'apiKey', apiKey }).finally(() => client.close());
  writeLine('API key saved. Authentication is checked when you send a request.');
  return 0;
}

/**
 * Stores the personal access token from stdin, without white space around it, in this process: the protocol has no
 * method for it. Resolves with the exit code.
 * @throws AppError with the reason
 */
export async function signInWithAccessToken(
  { stdin, stderr, env }: LoginIo,
  writeLine: WriteLine,
): Promise<number> {
  const secret = { name: 'access token', option: '--with-access-token', variable: 'CODEX_ACCESS_TOKEN' };
  const token = (await readSecret(stdin, secret, writeLine))?.trim();
  if (token === undefined) return 1;
  if (token === '') {
    writeLine('No access token provided via stdin.');
    return 1;
  }
  const writeLog = (line: string): void => {
    stderr.write(line);
  };
  const options = { environment: env, clock: systemClock, random: Math.random, writeLog };
  try {
    await withOwnServices(options, ({ auth }) => auth.signInWithAccessToken(token));
  } catch (error) {
    if (/[\r\n]/.test(token)) writeLine('The access token has to be alone, on one line.');
    const plain = error instanceof AppError ? plainMessage(error) : undefined;
    if (plain === undefined) throw error;
    writeLine(plain);
    return 1;
  }
  writeLine('Successfully logged in');
  return 0;
}

/** Returns the line for an error that Codex shows without saying what failed. */
function plainMessage({ kind, message }: AppError): string | undefined {
  if (kind === 'unsupported') return message;
  return kind === 'configInvalid' ? `Error loading configuration: ${message}` : undefined;
}
