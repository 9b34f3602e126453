import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';
import { other, type RefreshFixture, renewed, sentTokens, stored, withRefreshes } from './refresh-fixture.js';

const isNew = `Bearer ${renewed.access_token}`;

interface UnsavedFixture extends RefreshFixture {
  readonly clock: ManualClock;
}

/** Runs `act` after a read whose new tokens could not be saved: auth.json is read-only since the issuer has the request. */
function withUnsavedTokens(act: (fixture: UnsavedFixture) => Promise<void>): Promise<void> {
  const clock = createManualClock();
  let authPath = '';
  return withRefreshes(
    { clock, auth: chatgptLogin({}, { last_refresh: '2025-01-01T00:00:00Z' }) },
    async (fixture) => {
      ({ authPath } = fixture);
      expect(await fixture.read()).toHaveProperty('result');
      await act({ ...fixture, clock });
    },
    (response: ServerResponse) => {
      chmodSync(authPath, 0o400);
      response.end(JSON.stringify(renewed));
    },
  );
}

test('new tokens that cannot be saved are used, and the log says so once', () =>
  withUnsavedTokens(async (fixture) => {
    const { authPath, server, read, calls } = fixture;
    await read();
    expect(sentTokens(fixture)).toEqual([isNew, isNew]);
    expect(readFileSync(authPath, 'utf8')).not.toContain(renewed.refresh_token);
    expect({ sent: calls.length, log: server.log }).toEqual({
      sent: 1,
      log: [
        'ERROR the new tokens cannot be saved yet: auth.json cannot be replaced (EACCES); ' +
          'saving is tried again\n',
      ],
    });
    chmodSync(authPath, 0o600);
  }));

test('new tokens are used while auth.json cannot be read, and saved when the old ones are back', () => {
  let replace = (): void => undefined;
  return withRefreshes(
    { clock: pauseSkippingClock() },
    async (fixture) => {
      const { authPath, read, server } = fixture;
      const before = readFileSync(authPath, 'utf8');
      replace = () => {
        rmSync(authPath);
        mkdirSync(authPath);
      };
      await read();
      rmSync(authPath, { recursive: true });
      writeJson(authPath, before);
      await read();
      await server.end();
      expect([sentTokens(fixture), stored(fixture).tokens]).toMatchObject([[isNew, isNew], renewed]);
    },
    (response) => {
      replace();
      response.end(JSON.stringify(renewed));
    },
  );
});

test('saving is tried again after a pause', () =>
  withUnsavedTokens(async (fixture) => {
    await fixture.clock.untilSet(1_000);
    chmodSync(fixture.authPath, 0o600);
    fixture.clock.fire(1_000);
    while (!readFileSync(fixture.authPath, 'utf8').includes(renewed.refresh_token)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stored(fixture).tokens).toMatchObject(renewed);
  }));

test('the end of the server saves new tokens', () =>
  withUnsavedTokens(async (fixture) => {
    chmodSync(fixture.authPath, 0o600);
    await fixture.server.end();
    expect(stored(fixture).tokens).toMatchObject(renewed);
  }));

test('the log says at the end that new tokens are lost', () =>
  withUnsavedTokens(async ({ server }) => {
    await server.end();
    expect(server.log.at(-1)).toBe(
      'ERROR the new tokens are lost: auth.json cannot be replaced (EACCES); sign in again\n',
    );
  }));

test.each([
  ['newer tokens of the same account', { access_token: 'canary-newer', refresh_token: 'canary-newest' }],
  ['another account', other],
])('%s in auth.json take precedence over new tokens that are not saved', (_, tokens) =>
  withUnsavedTokens(async (fixture) => {
    rmSync(fixture.authPath);
    writeJson(fixture.authPath, chatgptLogin(tokens, { last_refresh: '2026-01-01T00:00:00Z' }));
    await fixture.read();
    await fixture.server.end();
    expect(sentTokens(fixture)).toEqual([isNew, `Bearer ${tokens.access_token}`]);
    expect(stored(fixture).tokens).toMatchObject(tokens);
  }),
);

test('new tokens are not called saved while auth.json is missing, and are saved once the old ones are back', () =>
  withUnsavedTokens(async (fixture) => {
    const { authPath, clock, server } = fixture;
    const before = readFileSync(authPath, 'utf8');
    await clock.untilSet(1_000);
    rmSync(authPath);
    clock.fire(1_000);
    await clock.untilSet(2_000);
    writeJson(authPath, before);
    await server.end();
    expect(stored(fixture).tokens).toMatchObject(renewed);
  }));

test('new tokens are not saved after a logout of this server, even if the old ones come back', () =>
  withUnsavedTokens(async (fixture) => {
    const { authPath, call, server } = fixture;
    const before = readFileSync(authPath, 'utf8');
    rmSync(authPath);
    expect(await call('account/logout')).toEqual({ result: {} });
    writeJson(authPath, before);
    await server.end();
    expect(readFileSync(authPath, 'utf8')).toBe(before);
  }));

test('a logout by another program drops new tokens that are not saved', () =>
  withUnsavedTokens(async ({ authPath, call, server }) => {
    rmSync(authPath);
    expect(await call('account/read')).toMatchObject({ result: { account: null } });
    await server.end();
    expect(() => readFileSync(authPath)).toThrow('ENOENT');
  }));

test('a logout revokes the new refresh token that is not saved', () =>
  withUnsavedTokens(async ({ authPath, call, calls }) => {
    chmodSync(authPath, 0o600);
    expect(await call('account/logout')).toEqual({ result: {} });
    expect(calls.at(-1)).toMatchObject(['POST', '/revoke', { token: renewed.refresh_token }]);
    expect(() => readFileSync(authPath)).toThrow('ENOENT');
  }));

test('an id token that is not a JSON web token does not discard the other new tokens', () =>
  withRefreshes(
    {},
    async (fixture) => {
      await fixture.read();
      expect(stored(fixture).tokens).toMatchObject(renewed);
    },
    (response) => response.end(JSON.stringify({ ...renewed, id_token: 'not-a-token' })),
  ));
