import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { idTokenWith } from '../../support/auth-file.js';
import { type ForeignLock, holdForeignLock } from '../../support/files/foreign-lock.js';
import { lineWithoutTime, updated } from '../../support/notifications.js';

const stored = '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-before"}';
const issued = { id_token: idTokenWith({}), access_token: 'issued-access', refresh_token: 'issued-refresh' };
const code = { device_auth_id: 'd', user_code: 'U' };
const grant = { authorization_code: 'c', code_challenge: 'h', code_verifier: 'v' };

interface HeldLogin extends AccountFixture {
  readonly loginId: string;
  readonly lock: ForeignLock;
}

/** Runs `act` with an allowed device login that waits for a program which holds auth.lock. */
function withHeldLogin(act: (held: HeldLogin) => Promise<void>): Promise<void> {
  return withAccount({ auth: stored, hasIssuer: true }, async (fixture) => {
    fixture.backend.script('deviceUserCode', { body: code });
    fixture.backend.script('deviceToken', { body: grant });
    fixture.backend.script('token', { body: issued });
    const lock = await holdForeignLock(join(dirname(fixture.authPath), 'auth.lock'));
    try {
      const { result } = await fixture.call('account/login/start', { type: 'chatgptDeviceCode' });
      const { loginId } = result as { loginId: string };
      await lock.untilWaitedFor();
      await act({ ...fixture, loginId, lock });
    } finally {
      await lock.release();
    }
  });
}

test('a login that waits for a program which holds auth.lock can be cancelled', () =>
  withHeldLogin(async ({ call, server, loginId, lock, authPath }) => {
    expect(await call('account/login/cancel', { loginId })).toEqual({ result: { status: 'canceled' } });
    const [notification] = (await server.untilLines(4)).slice(3).map(lineWithoutTime);
    expect(notification).toMatchObject({
      params: { loginId, success: false, error: 'Login was not completed' },
    });
    await lock.release();
    expect(await call('getAuthStatus', {})).toMatchObject({ result: { authMethod: 'apikey' } });
    expect(readFileSync(authPath, 'utf8')).toBe(stored);
  }));

test('a login that waits for a program which holds auth.lock is stored when the lock is released', () =>
  withHeldLogin(async ({ server, lock, authPath }) => {
    await lock.release();
    expect((await server.untilLines(4)).slice(3).map(lineWithoutTime)).toEqual([updated('chatgpt', 'pro')]);
    expect(readFileSync(authPath, 'utf8')).toContain('issued-refresh');
  }));
