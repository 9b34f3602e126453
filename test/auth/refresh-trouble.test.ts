import { mkdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJson } from '../support/account-bench.js';
import { chatgptLogin } from '../support/auth-file.js';
import { holdForeignLock } from '../support/foreign-lock.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  askForTokens,
  other,
  refreshTokensIn,
  renewed,
  stored,
  withRefreshes,
} from '../support/refresh-bench.js';

const refusal = (response: ServerResponse): void => {
  response.writeHead(401).end();
};

test('tokens that the issuer refused are not sent to it again', () =>
  withRefreshes(
    {},
    async ({ call, calls }) => {
      await call('getAuthStatus', { refreshToken: true });
      expect(await call('account/read')).toMatchObject({ result: { account: null, userId: null } });
      await call('getAuthStatus', { refreshToken: true });
      expect(refreshTokensIn(calls)).toEqual(['canary-refresh-token']);
    },
    refusal,
  ));

test('a refusal does not count for another account without a refresh token', () =>
  withRefreshes(
    { auth: chatgptLogin({ refresh_token: '' }) },
    async ({ call, authPath }) => {
      await call('getAuthStatus', { refreshToken: true });
      const last_refresh = new Date().toISOString();
      writeJson(authPath, chatgptLogin({ ...other, refresh_token: '' }, { last_refresh }));
      expect(await call('account/read')).toMatchObject({ result: { userId: 'user-two' } });
    },
    refusal,
  ));

test('at the end a refresh that waits for a save of another program is given up', () =>
  withRefreshes({ clock: createManualClock() }, async (bench) => {
    const { server, authPath, calls } = bench;
    const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
    askForTokens(bench);
    await lock.untilWaitedFor();
    server.shutdown.abort();
    await server.shutdown.closed;
    expect({ calls, log: server.log }).toEqual({ calls: [], log: [] });
    await lock.release();
  }));

test('tokens that have come are saved although the locks of a save can no longer be taken', () => {
  let breakLock = (): void => undefined;
  return withRefreshes(
    {},
    async (bench) => {
      const lockPath = join(dirname(bench.authPath), 'auth.lock');
      breakLock = () => {
        rmSync(lockPath);
        mkdirSync(lockPath);
      };
      await bench.call('getAuthStatus', { refreshToken: true });
      expect(stored(bench).tokens).toMatchObject(renewed);
    },
    (response) => {
      breakLock();
      response.end(JSON.stringify(renewed));
    },
  );
});
