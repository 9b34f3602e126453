import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { holdForeignLock, untilWaitedFor } from '../../support/foreign-lock.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { type RecordedCall, withIssuer } from '../../support/recording-issuer.js';
import { startCommand } from '../../support/script-process.js';

const renewed = { access_token: 'canary-renewed-token', refresh_token: 'canary-renewed-refresh-token' };

/** The time for which a refresh waits for a held lock before it is sent. */
const savePatienceMs = 1_000;

interface SaveFixture extends AccountFixture {
  readonly clock: ManualClock;
  readonly calls: readonly RecordedCall[];
  lockPath(name: 'auth.lock' | 'auth.json.lock'): string;
}

/** Runs `act` with a server on a manual clock, and an issuer that renews all tokens. */
function withSaves(act: (fixture: SaveFixture) => Promise<void>): Promise<void> {
  const clock = createManualClock();
  return withIssuer(
    ({ url, calls }) =>
      withAccount({ auth: chatgptLogin(), clock, authEnvironment: { refreshTokenUrl: url } }, (fixture) =>
        act({ ...fixture, clock, calls, lockPath: (name) => join(dirname(fixture.authPath), name) }),
      ),
    (response) => response.end(JSON.stringify(renewed)),
  );
}

/** Requests new tokens while a lock is held, and waits until the issuer has received the request. */
async function refreshIn({ call, clock, calls }: SaveFixture): Promise<{ answer: Promise<unknown> }> {
  const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
  await clock.untilSet(savePatienceMs);
  expect(calls).toEqual([]);
  clock.fire(savePatienceMs);
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  return { answer };
}

test('a program that holds auth.lock delays our save', () =>
  withSaves(async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    const lock = await holdForeignLock(fixture.lockPath('auth.lock'));
    const { answer } = await refreshIn(fixture);
    await lock.untilWaitedFor();
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
    await lock.release();
    expect(await answer).toMatchObject({ result: { authToken: renewed.access_token } });
    expect(readFileSync(fixture.authPath, 'utf8')).toContain(renewed.refresh_token);
  }));

test('our save delays a program that waits for auth.lock', () =>
  withSaves(async (fixture) => {
    const second = await holdForeignLock(fixture.lockPath('auth.json.lock'));
    const { answer } = await refreshIn(fixture);
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
  }));

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
