import type { LoginAccountResponse } from '../../protocol/schema/login.js';
import { untilAborted } from '../../util/waiting.js';
import { createCommandClient } from '../command-client.js';
import type { SignInIo } from '../io.js';
import { openBrowser } from './open-browser.js';
import { safeLine } from '../../util/text/safe-text.js';

/**
 * Signs in with ChatGPT, in the browser of this machine or with a code on any device, and waits until the user has
 * done so. A stop request cancels the login: the result is then `cancelled`, and nothing was stored.
 *
 * @throws Error whose message says why the login failed
 */
export async function signInWithChatgpt(
  type: 'chatgpt' | 'chatgptDeviceCode',
  io: SignInIo,
): Promise<'done' | 'cancelled'> {
  const serverExit = new AbortController();
  const client = createCommandClient(
    io.serverEnv,
    { timeoutMs: Infinity },
    { onServerExit: () => serverExit.abort(new Error('the server has exited')) },
  );
  const notified = new Promise<{ success: boolean; error: string | null }>((resolve) => {
    client.onNotification('account/login/completed', resolve);
  });
  try {
    const login = await client.request('account/login/start', { type });
    if (!('loginId' in login)) throw new Error('the server has started another kind of login');
    const stop = new AbortController();
    void io.untilStopped().then(() => {
      stop.abort();
      // If the server cannot cancel the login because it has ended, `serverExit` ends the wait.
      return client.request('account/login/cancel', { loginId: login.loginId }).catch(() => undefined);
    });
    showInstructions(login, io);
    const { success, error } = await untilAborted(notified, serverExit.signal);
    if (success) return 'done';
    if (stop.signal.aborted) return 'cancelled';
    throw new Error(error ?? 'unknown reason');
  } finally {
    await client.close();
  }
}

function showInstructions(
  login: Extract<LoginAccountResponse, { loginId: string }>,
  { writeLine, env }: SignInIo,
): void {
  if (login.type === 'chatgptDeviceCode') {
    writeLine(`To sign in, open this page in a browser, on any device:

    ${safeLine(login.verificationUrl)}

and enter this code, which expires in 15 minutes:

    ${safeLine(login.userCode)}

Never share this code. Waiting for the login; press Ctrl-C to cancel.`);
    return;
  }
  writeLine(`If your browser does not open, go to this page to sign in:

${safeLine(login.authUrl)}

On a machine without a browser, use: codex-account-server login --device-auth
Waiting for the login; press Ctrl-C to cancel.`);
  openBrowser(login.authUrl, env, process.platform);
}
