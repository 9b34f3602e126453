import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killServerOf, outcome, shown, storedLogin, withCommands } from '../../support/processes/commands.js';
import { unixTest } from '../../support/unix-test.js';

const codePattern = /[0-9A-F]{4}-[0-9A-F]{4}/;

const deviceText = (
  url: string,
  userCode: string,
): string => `To sign in, open this page in a browser, on any device:

    ${url}/codex/device

and enter this code, which expires in 15 minutes:

    ${userCode}

Never share this code. Waiting for the login; press Ctrl-C to cancel.
`;

test('login --device-auth shows page and code, and succeeds after the user has allowed it', () =>
  withCommands('none', async ({ backend, command, authPath, decide }) => {
    const login = command('login --device-auth');
    const userCode = await shown(login, codePattern);
    await decide(userCode, 'allow');
    expect(await outcome(login)).toEqual({
      code: 0,
      stdout: '',
      stderr: `${deviceText(backend.url, userCode)}Successfully logged in\n`,
    });
    expect(storedLogin(authPath)).toMatchObject({ auth_mode: 'chatgpt', OPENAI_API_KEY: null });
    expect(await outcome(command('login status'))).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Logged in using ChatGPT\n',
    });
  }));

test('login --device-auth says why it has failed, and leaves what was stored', () =>
  withCommands('apiKey', async ({ backend, command, authPath, decide }) => {
    const before = storedLogin(authPath);
    const login = command('login --device-auth');
    const userCode = await shown(login, codePattern);
    await decide(userCode, 'deny');
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${deviceText(backend.url, userCode)}Error logging in with device code: device auth failed with status 400 Bad Request\n`,
    });
    expect(storedLogin(authPath)).toEqual(before);
  }));

test('a device login that the issuer does not offer is refused at once', () =>
  withCommands('none', async ({ backend, command }) => {
    backend.script('deviceUserCode', { status: 404, body: {} });
    expect(await outcome(command('login --device-auth'))).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error logging in with device code: device code login is not enabled for this Codex server. Use the browser login or verify the server URL.\n',
    });
  }));

unixTest.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s cancels a login that waits', (signal) =>
  withCommands('none', async ({ command, authPath }) => {
    const login = command('login --device-auth');
    await shown(login, /Ctrl-C to cancel/);
    login.child.kill(signal);
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        / Ctrl-C to cancel\.\nLogin cancelled\. Nothing was changed\.\n$/,
      ) as unknown,
    });
    expect(existsSync(authPath)).toBe(false);
  }),
);

unixTest('a login fails when its server ends, and is not started again on another one', () =>
  withCommands('none', async ({ backend, command, authPath }) => {
    const login = command('login --device-auth');
    const userCode = await shown(login, codePattern);
    await shown(login, /Ctrl-C to cancel/);
    killServerOf(login);
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${deviceText(backend.url, userCode)}Error logging in with device code: the server has exited\n`,
    });
    expect(existsSync(authPath)).toBe(false);
    expect(backend.requests.filter(({ url }) => url.endsWith('/deviceauth/usercode'))).toHaveLength(1);
  }),
);

/** Creates a program that replaces `xdg-open` and `open`. It writes its arguments to a file. */
function browserStub(): { directory: string; opened: () => string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'codex-account-server-browser-'));
  const record = join(directory, 'opened');
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(join(directory, name), `#!/bin/sh\nprintf '%s' "$*" > '${record}'\n`, { mode: 0o755 });
  }
  return {
    directory,
    opened: () => (existsSync(record) ? readFileSync(record, 'utf8') : ''),
    remove: () => {
      rmSync(directory, { recursive: true });
    },
  };
}

unixTest('login shows the page, opens it, and succeeds after the user has allowed it', () =>
  withCommands('none', async ({ command, authPath }) => {
    const stub = browserStub();
    try {
      const PATH = `${stub.directory}:${process.env.PATH ?? ''}`;
      const login = command('login', { PATH, DISPLAY: ':0' });
      const url = await shown(login, /http:\S+\/oauth\/authorize\?\S+(?=\n)/);
      await shown(login, /Ctrl-C to cancel\.\n/);
      const body = new URLSearchParams([...new URL(url).searchParams, ['decision', 'allow']]);
      await (await fetch(url.split('?')[0] ?? '', { method: 'POST', body })).text();
      expect(await outcome(login)).toEqual({
        code: 0,
        stdout: '',
        stderr: `If your browser does not open, go to this page to sign in:

${url}

On a machine without a browser, use: codex-account-server login --device-auth
Waiting for the login; press Ctrl-C to cancel.
Successfully logged in
`,
      });
      expect(storedLogin(authPath)).toMatchObject({ auth_mode: 'chatgpt' });
      expect(stub.opened()).toBe(url);
    } finally {
      stub.remove();
    }
  }),
);
