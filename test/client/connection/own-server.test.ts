import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { AccountClient } from '../../../src/client/account-client.js';
import { createClient } from '../../../src/client/client.js';
import type { ClientOptions } from '../../../src/client/client-options.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { clientInfo } from './stand-in-fixture.js';
import { unixTest } from '../../support/unix-test.js';

const main = resolve('dist/main.cjs');

interface OwnFixture {
  readonly client: AccountClient;
  readonly backend: DevBackend;
  readonly codexHome: string;
}

/** Runs `act` with a client of the built server and the embedded backend, then closes all of them. */
async function withOwnServer(
  act: (fixture: OwnFixture) => Promise<void>,
  options: Partial<ClientOptions> = {},
): Promise<void> {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  const env = { CODEX_HOME: home.path, HOME: tmpdir(), ...devEnvironment(backend.url) };
  const client = createClient({ clientInfo, env, ...options });
  try {
    await act({ client, backend, codexHome: home.path });
  } finally {
    await client.close();
    await backend.close();
    home.remove();
  }
}

test('every method of our server can be called', async () => {
  await withOwnServer(async ({ client, codexHome }) => {
    const updates: unknown[] = [];
    client.onNotification('account/updated', (params) => updates.push(params));
    expect((await client.serverInfo()).codexHome).toBe(codexHome);
    const { account } = await client.request('account/read');
    expect(account).toMatchObject({ type: 'chatgpt', planType: 'pro' });
    expect(await client.request('getAuthStatus')).toMatchObject({ authMethod: 'chatgpt' });
    const { rateLimits } = await client.request('account/rateLimits/read', {
      excludeResetCreditDetails: true,
    });
    expect(rateLimits.primary?.usedPercent).toBe(100);
    expect(await client.request('account/rateLimits/watch')).toEqual({ intervalSecs: 60 });
    expect(await client.request('account/rateLimits/unwatch')).toEqual({});
    const { outcome } = await client.request('account/rateLimitResetCredit/consume', {
      idempotencyKey: 'key',
    });
    expect(outcome).toBe('reset');
    const { summary } = await client.request('account/usage/read');
    expect(summary.lifetimeTokens).toBe(1_250_000);
    expect((await client.request('account/workspaceMessages/read')).messages).toHaveLength(2);
    const nudge = client.request('account/sendAddCreditsNudgeEmail', { creditType: 'credits' });
    expect(await nudge).toEqual({ status: 'sent' });
    const login = await client.request('account/login/start', { type: 'chatgptDeviceCode' });
    if (login.type !== 'chatgptDeviceCode') throw new Error('another login was begun');
    const cancelled = client.request('account/login/cancel', { loginId: login.loginId });
    expect(await cancelled).toEqual({ status: 'canceled' });
    expect(await client.request('account/logout')).toEqual({});
    await expect(client.request('account/rateLimits/read')).rejects.toMatchObject({
      name: 'RequestError',
      code: -32600,
      kind: 'authRequired',
      message: 'codex account authentication required to read rate limits',
    });
    await client.close();
    expect(updates).toEqual([{ authMode: null, planType: null, reason: null }]);
  });
});

test('an account is read and a credit is consumed by functions of their own', async () => {
  await withOwnServer(async ({ client, backend }) => {
    const { account } = await client.readAccount({ refreshToken: false, timeoutMs: 5_000 });
    expect(account).toMatchObject({ type: 'chatgpt', planType: 'pro' });
    const consumed = client.consumeResetCredit({
      idempotencyKey: 'key',
      creditId: 'credit-1',
      maxRetries: 0,
    });
    expect(await consumed).toEqual({ outcome: 'reset' });
    expect(backend.requests.filter(({ url }) => url.endsWith('/consume')).map(({ body }) => body)).toEqual([
      '{"redeem_request_id":"key","credit_id":"credit-1"}',
    ]);
  });
});

test('await using closes the client, also after an error', async () => {
  let closed: AccountClient | undefined;
  await withOwnServer(async ({ codexHome }) => {
    const use = async (): Promise<void> => {
      await using client = createClient({ clientInfo, env: { CODEX_HOME: codexHome, HOME: tmpdir() } });
      closed = client;
      await client.serverInfo();
      throw new Error('thrown by the caller');
    };
    await expect(use()).rejects.toThrow('thrown by the caller');
    await expect(closed?.serverInfo()).rejects.toMatchObject({ kind: 'closed' });
  });
});

test('extra arguments are passed to our server after its own', async () => {
  await withOwnServer(
    async ({ client, backend }) => {
      const consume = client.request('account/rateLimitResetCredit/consume', { idempotencyKey: 'key' });
      await expect(consume).rejects.toMatchObject({ kind: 'readOnly', details: { outcomeKnown: true } });
      expect(backend.requests).toEqual([]);
    },
    { args: ['--read-only'] },
  );
});

test('an error has the data of the response of the backend', async () => {
  await withOwnServer(async ({ client, backend }) => {
    backend.script('usage', { status: 429, headers: { 'retry-after': '30' }, body: {} });
    await expect(client.request('account/rateLimits/read')).rejects.toMatchObject({
      kind: 'rateLimited',
      details: { httpStatus: 429, retryAfterMs: 30_000, requestId: expect.any(String) },
    });
  });
});

unixTest('a detached server has its own process group, so Ctrl-C does not reach it', async () => {
  const groups = await Promise.all(
    [false, true].map(async (detached) => {
      let group = '';
      await withOwnServer(
        async ({ client, codexHome }) => {
          await client.serverInfo();
          group = readFileSync(join(codexHome, 'group'), 'utf8').trim();
        },
        {
          detached,
          command: 'sh',
          args: [
            '-c',
            'ps -o pgid= -p $$ > "$CODEX_HOME/group"; exec "$0" "$@"',
            process.execPath,
            main,
            'app-server',
          ],
        },
      );
      return group;
    }),
  );
  const own = execFileSync('ps', ['-o', 'pgid=', '-p', `${process.pid}`], { encoding: 'utf8' }).trim();
  expect(groups.map((group) => group === own)).toEqual([true, false]);
});

unixTest('the server runs in the folder cwd', async () => {
  const write = 'pwd > "$CODEX_HOME/cwd"; exec "$0" "$@"';
  await withOwnServer(
    async ({ client, codexHome }) => {
      await client.serverInfo();
      expect(readFileSync(join(codexHome, 'cwd'), 'utf8')).toBe('/\n');
    },
    { cwd: '/', command: 'sh', args: ['-c', write, process.execPath, main, 'app-server'] },
  );
});

test.each(['@acme/status-bar', 'a/0.1.0 (b'])('the version is found after the name %j', async (name) => {
  await withOwnServer(
    async ({ client }) => {
      expect((await client.serverInfo()).userAgent).toContain(`${name}/0.171.0 (`);
    },
    { clientInfo: { name, version: '1.0.0' } },
  );
});

test('calls can have no time limit', async () => {
  await withOwnServer(
    async ({ client, codexHome }) => {
      expect((await client.serverInfo()).codexHome).toBe(codexHome);
    },
    { timeoutMs: Infinity },
  );
});

test('an argument that resembles --read-only starts no server, and the error says why', async () => {
  await withOwnServer(
    async ({ client }) => {
      await expect(client.request('account/read')).rejects.toMatchObject({
        kind: 'serverExited',
        message: expect.stringMatching(/^the server exited with code 2: --read-only must be /) as string,
      });
    },
    { args: ['--readonly'], maxRetries: 0 },
  );
});

test('an unusable CODEX_HOME is an error of the request', async () => {
  await withOwnServer(
    async ({ client }) => {
      await expect(client.request('account/read')).rejects.toMatchObject({
        name: 'RequestError',
        kind: 'configInvalid',
        message: 'CODEX_HOME points to "/nowhere", but that path does not exist',
      });
    },
    { env: { CODEX_HOME: '/nowhere' } },
  );
});

test('warnings of the server are reported', async () => {
  const warnings: string[] = [];
  const onWarning = (warning: string): void => void warnings.push(warning);
  await withOwnServer(
    async ({ client }) => {
      await client.request('account/read');
      await client.close();
      expect(warnings).toEqual(['ignoring the unknown option --nope']);
    },
    { args: ['--nope\u001b'], onWarning },
  );
});
