import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, storedTokens } from '../../support/auth-file.js';
import { holdForeignLock } from '../../support/foreign-lock.js';
import { pauseSkippingClock } from '../../support/pause-skipping-clock.js';
import { createManualClock } from '../../support/manual-clock.js';
import { askForTokens, other, refreshTokensIn, renewed, stored, withRefreshes } from './refresh-fixture.js';

/** Tokens that are not due for a refresh. */
const fresh = chatgptLogin({}, { last_refresh: new Date().toISOString() });

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
  withRefreshes({ clock: createManualClock() }, async (fixture) => {
    const { server, authPath, calls } = fixture;
    const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
    askForTokens(fixture);
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
    async (fixture) => {
      const lockPath = join(dirname(fixture.authPath), 'auth.lock');
      breakLock = () => {
        rmSync(lockPath);
        mkdirSync(lockPath);
      };
      await fixture.call('getAuthStatus', { refreshToken: true });
      expect(stored(fixture).tokens).toMatchObject(renewed);
    },
    (response) => {
      breakLock();
      response.end(JSON.stringify(renewed));
    },
  );
});

test.each([
  ['were renewed', 200],
  ['could not be renewed', 500],
])('a consume is not sent where config.toml has broken while the tokens %s', (_, status) => {
  let breakConfig = (): void => undefined;
  return withRefreshes(
    { auth: chatgptLogin({}) },
    async (fixture) => {
      breakConfig = () => {
        writeJson(fixture.configPath, 'chatgpt_base_url = ');
      };
      expect(await fixture.consume()).toMatchObject({
        error: { data: { kind: 'configInvalid', outcomeKnown: true } },
      });
      expect(fixture.backend.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    },
    (response) => {
      breakConfig();
      response.writeHead(status).end(JSON.stringify(renewed));
    },
  );
});

test('no token is renewed for a 401 where config.toml has broken meanwhile', () =>
  withRefreshes({ auth: fresh }, async ({ backend, configPath, consume, calls }) => {
    backend.script('consume', () => {
      writeJson(configPath, 'chatgpt_base_url = ');
      return { status: 401, body: '' };
    });
    expect(await consume()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect([calls, backend.requests.length]).toEqual([[], 1]);
  }));

test('tokens that come while auth.json is torn are saved, with what it held before', () => {
  let tear = (): void => undefined;
  return withRefreshes(
    { auth: chatgptLogin({}, { extra: 'kept' }), clock: pauseSkippingClock() },
    async (fixture) => {
      tear = () => {
        writeJson(fixture.authPath, '{"auth_mode":"chatgpt","tok');
      };
      await fixture.call('getAuthStatus', { refreshToken: true });
      expect(stored(fixture)).toMatchObject({ extra: 'kept', tokens: { ...storedTokens, ...renewed } });
    },
    (response) => {
      tear();
      response.end(JSON.stringify(renewed));
    },
  );
});

test('a refresh that failed does not wait for a lock that another program holds', () => {
  const clock = createManualClock();
  return withRefreshes(
    { clock },
    async ({ call, authPath }) => {
      const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
      const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
      await clock.untilSet(1_000);
      clock.fire(1_000);
      expect(await answer).toMatchObject({ result: { authToken: 'canary-access-token' } });
      await lock.release();
    },
    (response) => response.writeHead(503).end(),
  );
});

test('a refresh that was refused does not wait for ever for a lock that another program holds', () => {
  const clock = createManualClock();
  return withRefreshes(
    { clock },
    async ({ call, authPath }) => {
      const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
      const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
      for (let wait = 0; wait < 2; wait += 1) {
        await clock.untilSet(1_000);
        clock.fire(1_000);
      }
      expect(await answer).toMatchObject({ result: { authMethod: 'chatgpt', authToken: null } });
      await lock.release();
    },
    refusal,
  );
});

test('a refresh keeps numbers that this program does not know as they were written', () =>
  withRefreshes(
    { auth: JSON.stringify(chatgptLogin({}, { big: 'BIG' })).replace('"BIG"', '12345678901234567890') },
    async ({ call, authPath }) => {
      await call('getAuthStatus', { refreshToken: true });
      expect(readFileSync(authPath, 'utf8')).toContain('12345678901234567890');
    },
  ));
