import { renameSync, rmSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { bareAnswer } from '../../support/bare-answer.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';

const apiKey = { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' };
const other = chatgptLogin({ access_token: 'other-token', account_id: 'account-other' });

function refused(auth: string, kind: string): object {
  const message = `${auth} authentication required to read rate limits`;
  return { error: { code: -32600, message, data: { kind } } };
}

test('an auth.json that is being written is used as soon as it is complete', async () => {
  let path = '';
  let pauses = 0;
  const clock = pauseSkippingClock(() => {
    pauses += 1;
    if (pauses === 2) writeJson(path, chatgptLogin());
  });
  await withAccount(
    { auth: '{"auth_mode":"chatgpt","tok', clock },
    async ({ server, backend, authPath, read }) => {
      path = authPath;
      backend.script('usage', { body: {} });
      expect(await read()).toEqual(bareAnswer());
      expect(pauses).toBe(2);
      expect(server.log).toEqual([]);
    },
  );
});

test('an unusable auth.json is read again for 100 ms, and not longer', async () => {
  const pausesMs: number[] = [];
  const clock = pauseSkippingClock((delayMs) => pausesMs.push(delayMs));
  await withAccount({ auth: '{"auth_mode":"chatgpt","tok', clock }, async ({ authPath, server, read }) => {
    expect(await read()).toEqual(refused('codex account', 'authFileInvalid'));
    expect(pausesMs.reduce((sum, pauseMs) => sum + pauseMs)).toBe(100);
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: not JSON\n`]);
  });
});

test('an unusable auth.json is neither read nor logged again until it has changed', async () => {
  const pausesMs: number[] = [];
  const clock = pauseSkippingClock((delayMs) => pausesMs.push(delayMs));
  await withAccount({ auth: '[1]', clock }, async ({ authPath, server, read }) => {
    await read();
    const pausesBefore = pausesMs.length;
    await read();
    expect(pausesMs.length).toBe(pausesBefore);
    writeJson(authPath, '{"auth_mode":');
    await read();
    expect(server.log).toEqual([
      `ERROR cannot use ${authPath}: unusable content\n`,
      `ERROR cannot use ${authPath}: not JSON\n`,
    ]);
  });
});

/** The file before, the file after, and the answer after the change. */
test.each([
  ['a login that is stored', 'none', chatgptLogin(), bareAnswer()],
  ['an API key that is stored', 'none', apiKey, refused('chatgpt', 'authRequired')],
  ['a login in place of an API key', apiKey, chatgptLogin(), bareAnswer()],
  ['an API key in place of a login', chatgptLogin(), apiKey, refused('chatgpt', 'authRequired')],
  ['a login in place of an unusable file', chatgptLogin({ id_token: 'x' }), chatgptLogin(), bareAnswer()],
])('%s applies from the next request', (_what, before, after, answer) =>
  withAccount({ auth: before }, async ({ backend, authPath, read }) => {
    backend.script('usage', { body: {} });
    await read();
    writeJson(authPath, after);
    expect(await read()).toEqual(answer);
  }),
);

test('the tokens of another account are sent from the next request on', () =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, authPath, read }) => {
    await read();
    writeJson(authPath, other);
    await read();
    const sent = backend.requests.map(({ headers }) => [
      headers.authorization,
      headers['chatgpt-account-id'],
    ]);
    expect(sent).toEqual([
      ['Bearer canary-access-token', 'account-dev'],
      ['Bearer other-token', 'account-other'],
    ]);
  }));

test('a torn file is logged once, and the earlier login stays in use', () =>
  withAccount(
    { auth: chatgptLogin(), clock: pauseSkippingClock() },
    async ({ backend, server, authPath, read }) => {
      backend.script('usage', { body: {} });
      await read();
      writeJson(authPath, '{"auth_mode":"apikey","OPENAI_');
      expect([await read(), await read()]).toEqual([bareAnswer(), bareAnswer()]);
      expect(backend.requests.at(-1)?.headers.authorization).toBe('Bearer canary-access-token');
      expect(server.log).toEqual([`ERROR cannot use ${authPath}: not JSON\n`]);
      writeJson(authPath, apiKey);
      expect(await read()).toEqual(refused('chatgpt', 'authRequired'));
    },
  ));

test('a file that parses but has no login ends the earlier login', () =>
  withAccount({ auth: chatgptLogin(), clock: pauseSkippingClock() }, async ({ authPath, read }) => {
    await read();
    writeJson(authPath, '{"auth_mode":"other"}');
    expect(await read()).toEqual(refused('codex account', 'authFileInvalid'));
  }));

test('a removed login is not used for the next request', () =>
  withAccount({ auth: chatgptLogin() }, async ({ authPath, read, call }) => {
    await read();
    rmSync(authPath);
    expect(await read()).toEqual(refused('codex account', 'authRequired'));
    expect(await call('account/read')).toEqual({
      result: { account: null, requiresOpenaiAuth: true, userId: null, workspaceRouting: null },
    });
  }));

test('a replaced file is noticed even if size and time are the same', () =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, authPath, read }) => {
    const when = new Date('2026-01-01T00:00:00Z');
    utimesSync(authPath, when, when);
    await read();
    writeJson(`${authPath}.new`, chatgptLogin({ access_token: 'canary-access-tokeN' }));
    utimesSync(`${authPath}.new`, when, when);
    renameSync(`${authPath}.new`, authPath);
    await read();
    expect(backend.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer canary-access-token',
      'Bearer canary-access-tokeN',
    ]);
  }));

test('the log of a whole session has no token', () =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, server, authPath, read, consume, call }) => {
    backend.script('usage', { status: 500, body: 'canary-access-token' });
    await read();
    await consume();
    await call('getAuthStatus', { includeToken: true });
    writeJson(authPath, '{"tokens":{"access_token":"canary-access-token');
    await read();
    expect(server.log.join('')).not.toContain('canary');
  }));

test('nothing is sent if config.toml becomes unusable while a personal access token is looked up', () =>
  withAccount(
    { hasIssuer: true, authEnvironment: { accessToken: 'at-dev' } },
    async ({ backend, configPath, consume }) => {
      backend.script('whoami', () => {
        writeJson(configPath, 'chatgpt_base_url = ');
        return undefined;
      });
      expect(await consume()).toMatchObject({
        error: { data: { kind: 'configInvalid', outcomeKnown: true } },
      });
      expect(backend.requests.map(({ url }) => url)).toEqual(['/v1/user-auth-credential/whoami']);
    },
  ));
