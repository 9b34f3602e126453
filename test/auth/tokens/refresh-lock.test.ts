import { expect, test } from 'vitest';
import { chatgptLogin } from '../../support/auth-file.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { refreshLock, renewed, stored, withRefreshes } from './refresh-fixture.js';

/** A login whose tokens are due for a refresh. */
const dueLogin = chatgptLogin({}, { last_refresh: '2025-01-01T00:00:00Z' });

/** How long requests wait for a refresh, and a refresh for that of another process. */
const requestWaitMs = 8_000;
const lockWaitMs = 60_000;

/** The time in which no refresh waits for the lock again. */
const heldPauseMs = 30_000;

const logOf = (path: string): string =>
  `ERROR the tokens were not refreshed: another program does not release the lock ${path}\n`;

test('a refresh that waits for a server that hangs is given up, and later requests do not wait', () => {
  const clock = createManualClock();
  return withRefreshes({ clock, auth: dueLogin }, async (fixture) => {
    const { read, server, calls, authPath } = fixture;
    const lock = await refreshLock(fixture);
    const first = read();
    await lock.untilWaitedFor();
    clock.fire(requestWaitMs);
    expect(await first).toHaveProperty('result');
    clock.fire(lockWaitMs);
    await clock.untilSet(heldPauseMs);
    expect(await read()).toHaveProperty('result');
    expect({ calls, log: server.log }).toEqual({
      calls: [],
      log: [logOf(authPath.replace('auth.json', 'auth.refresh.lock'))],
    });
    await lock.release();
    clock.fire(heldPauseMs);
    await read();
    expect(stored(fixture).tokens).toMatchObject(renewed);
  });
});

test('a request for new tokens waits a minute for a server that hangs, and gets the old token', () => {
  const clock = createManualClock();
  return withRefreshes({ clock }, async (fixture) => {
    const { call, calls } = fixture;
    const lock = await refreshLock(fixture);
    const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
    await lock.untilWaitedFor();
    clock.fire(lockWaitMs);
    expect(await answer).toMatchObject({ result: { authToken: 'canary-access-token' } });
    expect(calls).toEqual([]);
    await lock.release();
  });
});
