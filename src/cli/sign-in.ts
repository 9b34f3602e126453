import type { Connection } from '../client/connection.js';
import type { LoginAccountResponse } from '../protocol/login.js';
import type { SignInIo } from './io.js';
import { openBrowser } from './open-browser.js';
import { safeLine } from './plain-text.js';

/** `givenUp`: it was stopped, and nothing was stored. */
export type SignInEnd = 'done' | 'givenUp';

/** Stores an API key. @throws RequestError with the reason of the server */
export async function signInWithKey(connection: Connection, apiKey: string): Promise<SignInEnd> {
  await connection.request('account/login/start', { type: 'apiKey', apiKey });
  return 'done';
}

/**
 * Signs in with ChatGPT, in the browser of this machine or with a code on any; waits for the person. Being stopped
 * cancels it.
 *
 * @throws Error whose message says why it was not done
 */
export async function signInWithChatgpt(
  connection: Connection,
  type: 'chatgpt' | 'chatgptDeviceCode',
  io: SignInIo,
): Promise<SignInEnd> {
  const completed = new Promise<string | null>((resolve, reject) => {
    connection.onNotification('account/login/completed', ({ success, error }) => {
      if (success) resolve(null);
      else resolve(error ?? 'unknown reason');
    });
    connection.exited.then(() => {
      reject(new Error('the server has ended'));
    }, reject);
  });
  // A login that does not even begin fails by its answer.
  completed.catch(() => undefined);
  const answer = await connection.request('account/login/start', { type });
  if (!('loginId' in answer)) throw new Error('the server has begun another login');
  const stop = new AbortController();
  void io.untilStopped().then(() => {
    stop.abort();
    return connection.request('account/login/cancel', { loginId: answer.loginId });
  });
  tell(answer, io);
  const failure = await completed;
  if (failure === null) return 'done';
  if (stop.signal.aborted) return 'givenUp';
  throw new Error(failure);
}

function tell(answer: Extract<LoginAccountResponse, { loginId: string }>, { say, env }: SignInIo): void {
  if (answer.type === 'chatgptDeviceCode') {
    say(`To sign in, open this page in a browser, on any device:

    ${safeLine(answer.verificationUrl)}

and type in this code, which holds for 15 minutes:

    ${safeLine(answer.userCode)}

Never give this code to anybody else. Waiting; Ctrl-C gives up.`);
    return;
  }
  say(`If your browser does not open, go to this page to sign in:

${answer.authUrl}

On a machine without a browser use: codex-account-server login --device-auth
Waiting; Ctrl-C gives up.`);
  openBrowser(answer.authUrl, env, process.platform);
}
