import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Bench, withBench, writeJson } from '../support/account-bench.js';
import { chatgptLogin } from '../support/auth-file.js';
import { holdForeignLock, untilWaitedFor } from '../support/foreign-lock.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { type RecordedCall, withIssuer } from '../support/recording-issuer.js';
import { startCommand } from '../support/script-process.js';

const renewed = { access_token: 'canary-renewed-token', refresh_token: 'canary-renewed-refresh-token' };

/** How long a held lock keeps a refresh from being sent. */
const savePatienceMs = 1_000;

interface SaveBench extends Bench {
  readonly clock: ManualClock;
  readonly calls: readonly RecordedCall[];
  lockPath(name: 'auth.lock' | 'auth.json.lock'): string;
}

/** A server on a clock that stands still, whose issuer renews all tokens. */
function withSaves(act: (bench: SaveBench) => Promise<void>): Promise<void> {
  const clock = createManualClock();
  return withIssuer(
    ({ url, calls }) =>
      withBench({ auth: chatgptLogin(), clock, authEnvironment: { refreshTokenUrl: url } }, (bench) =>
        act({ ...bench, clock, calls, lockPath: (name) => join(dirname(bench.authPath), name) }),
      ),
    (response) => response.end(JSON.stringify(renewed)),
  );
}

/** Asks for new tokens, and waits until the issuer has been asked although a lock is held. */
async function refreshIn({ call, clock, calls }: SaveBench): Promise<{ answer: Promise<unknown> }> {
  const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
  await clock.untilSet(savePatienceMs);
  expect(calls).toEqual([]);
  clock.fire(savePatienceMs);
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  return { answer };
}

test('a program that holds auth.lock delays our save', () =>
  withSaves(async (bench) => {
    const before = readFileSync(bench.authPath, 'utf8');
    const lock = await holdForeignLock(bench.lockPath('auth.lock'));
    const { answer } = await refreshIn(bench);
    await lock.untilWaitedFor();
    expect(readFileSync(bench.authPath, 'utf8')).toBe(before);
    await lock.release();
    expect(await answer).toMatchObject({ result: { authToken: renewed.access_token } });
    expect(readFileSync(bench.authPath, 'utf8')).toContain(renewed.refresh_token);
  }));

test('our save delays a program that asks for auth.lock', () =>
  withSaves(async (bench) => {
    const second = await holdForeignLock(bench.lockPath('auth.json.lock'));
    const { answer } = await refreshIn(bench);
    await second.untilWaitedFor();
    const other = startCommand('flock', [
      '-x',
      bench.lockPath('auth.lock'),
      'grep',
      '-c',
      renewed.refresh_token,
      bench.authPath,
    ]);
    await untilWaitedFor(bench.lockPath('auth.lock'), 1);
    await second.release();
    expect(await other.nextLine()).toBe('1');
    await answer;
  }));

test('a refresh waits for a save that is under way, and uses the tokens it brings', () =>
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
