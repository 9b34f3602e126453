import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { holdForeignLock, untilWaitedFor } from '../../support/files/foreign-lock.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';
import { type RecordedCall, withIssuer } from '../../support/network/recording-issuer.js';
import { startCommand } from '../../support/processes/script-process.js';
import { unixTest } from '../../support/unix-test.js';

const renewed = { access_token: 'canary-renewed-token', refresh_token: 'canary-renewed-refresh-token' };

/** A login whose tokens are due for a refresh. */
const dueLogin = chatgptLogin({}, { last_refresh: '2025-01-01T00:00:00Z' });

/** The time for which a refresh, or the save of its tokens, waits for a held lock. */
const saveWaitMs = 1_000;

/** The time in which no refresh waits for it again. */
const heldPauseMs = 30_000;

interface SaveFixture extends AccountFixture {
  readonly clock: ManualClock;
  readonly calls: readonly RecordedCall[];
  lockPath(name: 'auth.lock' | 'auth.json.lock'): string;
  /** Resolves when the issuer has a request. The returned function answers it with new tokens. */
  untilSent(): Promise<() => void>;
}

/** Runs `act` with a server on a manual clock, and an issuer that renews all tokens when `act` lets it. */
function withSaves(act: (fixture: SaveFixture) => Promise<void>): Promise<void> {
  const clock = createManualClock();
  const responses: ServerResponse[] = [];
  return withIssuer(
    ({ url, calls }) =>
      withAccount({ auth: dueLogin, clock, authEnvironment: { refreshTokenUrl: url } }, (fixture) =>
        act({
          ...fixture,
          clock,
          calls,
          lockPath: (name) => join(dirname(fixture.authPath), name),
          async untilSent() {
            while (responses.length === 0) await new Promise((resolve) => setImmediate(resolve));
            return () => responses[0]?.end(JSON.stringify(renewed));
          },
        }),
      ),
    (response) => responses.push(response),
  );
}

/** Requests new tokens. */
function refreshIn({ call }: SaveFixture): Promise<unknown> {
  return call('getAuthStatus', { includeToken: true, refreshToken: true });
}

test.each(['auth.lock', 'auth.json.lock'] as const)(
  'a refresh is not sent while another program holds %s, and later requests do not wait',
  (name) =>
    withSaves(async (fixture) => {
      const { read, server, clock, calls, lockPath } = fixture;
      const lock = await holdForeignLock(lockPath(name));
      const first = read();
      await lock.untilWaitedFor();
      clock.fire(saveWaitMs);
      expect(await first).toHaveProperty('result');
      expect(await read()).toHaveProperty('result');
      expect({ calls, log: server.log }).toEqual({
        calls: [],
        log: [
          `ERROR the tokens were not refreshed: another program does not release the lock ${lockPath(name)}\n`,
        ],
      });
      await lock.release();
      clock.fire(heldPauseMs);
      const last = read();
      (await fixture.untilSent())();
      await last;
      expect(readFileSync(fixture.authPath, 'utf8')).toContain(renewed.refresh_token);
    }),
);

test('a program that takes auth.lock while the issuer answers delays our save', () =>
  withSaves(async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    const answer = refreshIn(fixture);
    const respond = await fixture.untilSent();
    const lock = await holdForeignLock(fixture.lockPath('auth.lock'));
    respond();
    await lock.untilWaitedFor();
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
    await lock.release();
    expect(await answer).toMatchObject({ result: { authToken: renewed.access_token } });
    expect(readFileSync(fixture.authPath, 'utf8')).toContain(renewed.refresh_token);
  }));

test('new tokens are saved without a lock that is not released, and saved again over older ones', () =>
  withSaves(async (fixture) => {
    const { clock, authPath, lockPath, read, backend } = fixture;
    const before = readFileSync(authPath, 'utf8');
    const answer = refreshIn(fixture);
    const respond = await fixture.untilSent();
    const lock = await holdForeignLock(lockPath('auth.lock'));
    respond();
    await lock.untilWaitedFor();
    clock.fire(saveWaitMs);
    expect(await answer).toMatchObject({ result: { authToken: renewed.access_token } });
    expect(readFileSync(authPath, 'utf8')).toContain(renewed.refresh_token);

    // The program goes on with the save in which it hung.
    writeJson(authPath, before);
    await lock.release();
    await read();
    await read();
    const sent = backend.requests.filter(({ url }) => url.endsWith('/usage'));
    expect(new Set(sent.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${renewed.access_token}`]),
    );
    await fixture.server.end();
    expect(readFileSync(authPath, 'utf8')).toContain(renewed.refresh_token);
  }));

test('the end of the server saves new tokens again over older ones that no request has noticed', () =>
  withSaves(async (fixture) => {
    const { clock, authPath } = fixture;
    const before = readFileSync(authPath, 'utf8');
    const answer = refreshIn(fixture);
    const respond = await fixture.untilSent();
    const lock = await holdForeignLock(fixture.lockPath('auth.lock'));
    respond();
    await lock.untilWaitedFor();
    clock.fire(saveWaitMs);
    await answer;
    writeJson(authPath, before);
    await lock.release();
    await fixture.server.end();
    expect(readFileSync(authPath, 'utf8')).toContain(renewed.refresh_token);
  }));

unixTest('our save delays a program that waits for auth.lock', () =>
  withSaves(async (fixture) => {
    const answer = refreshIn(fixture);
    const respond = await fixture.untilSent();
    const second = await holdForeignLock(fixture.lockPath('auth.json.lock'));
    respond();
    await second.untilWaitedFor();
    const other = startCommand('flock', [
      '-x',
      fixture.lockPath('auth.lock'),
      'grep',
      '-c',
      renewed.refresh_token,
      fixture.authPath,
    ]);
    await untilWaitedFor(fixture.lockPath('auth.lock'), 1);
    await second.release();
    expect(await other.nextLine()).toBe('1');
    await answer;
  }),
);

test('a refresh waits for a save in progress, and uses the saved tokens', () =>
  withSaves(async ({ call, authPath, calls, lockPath }) => {
    const lock = await holdForeignLock(lockPath('auth.lock'));
    const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
    await lock.untilWaitedFor();
    const saved = chatgptLogin({ access_token: 'canary-saved-token', refresh_token: 'canary-saved-refresh' });
    writeJson(authPath, saved);
    await lock.release();
    expect(await answer).toMatchObject({ result: { authToken: 'canary-saved-token' } });
    expect(calls).toEqual([]);
  }));
