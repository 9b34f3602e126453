import { expect, test } from 'vitest';
import { devIdentity } from '../../../src/dev-backend/identity.js';
import {
  code,
  type DeviceLoginFixture,
  devicePath as path,
  grant,
  grantAtOnce,
  loginFailed,
  withDeviceLogin,
} from './device-fixture.js';

const limitMs = 900_000;

test.each(['', '/'])(
  'the login polls until the user allows the code, with an issuer URL that ends in %j',
  (issuerEnd) =>
    withDeviceLogin({ issuerEnd }, async ({ backend, clock, start, decide, saved, requests }) => {
      const { answer, finished } = await start();
      const { userCode } = answer;
      expect(answer).toEqual({
        verificationUrl: `${backend.url}/codex/device`,
        userCode: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/) as unknown,
      });
      await clock.untilSet(1_000);
      await decide(userCode, 'allow');
      clock.fire(1_000);
      await finished;

      const text = expect.any(String) as string;
      const poll = [`${path}/token`, { device_auth_id: text, user_code: userCode }];
      expect(requests()).toEqual([
        [`${path}/usercode`, { client_id: 'client-1' }],
        poll,
        poll,
        [
          '/oauth/token',
          {
            grant_type: 'authorization_code',
            client_id: 'client-1',
            code: text,
            code_verifier: text,
            redirect_uri: `${backend.url}/deviceauth/callback`,
          },
        ],
      ]);
      expect(saved).toEqual([
        {
          idToken: expect.stringContaining('.') as unknown,
          accessToken: expect.stringContaining('.') as unknown,
          refreshToken: text,
          apiKey: null,
          provenance: { issuer: `${backend.url}${issuerEnd}`, clientId: 'client-1' },
          ownerId: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        },
      ]);
      expect(clock.openDelaysMs()).toEqual([]);
    }),
);

test('the field of the code can be usercode', () =>
  withDeviceLogin({}, async ({ backend, start, requests }) => {
    backend.script('deviceUserCode', { body: { device_auth_id: 'd', usercode: 'QQ' } });
    const { answer, cancel } = await start();
    expect(answer.userCode).toBe('QQ');
    cancel('Login was not completed');
    expect(requests()).toHaveLength(1);
  }));

test.each([
  ['5', 5_000],
  [' 9 ', 9_000],
  ['+2', 2_000],
  // The reference polls without any pause.
  ['0', 1_000],
  [undefined, 1_000],
  ['99999999999', 300_000],
])('the interval %j makes a pause of %i ms', (interval, delayMs) =>
  withDeviceLogin({}, async ({ backend, clock, start }) => {
    backend.script('deviceUserCode', { body: { ...code, interval } });
    backend.script('deviceToken', { status: 403, body: {} });
    const { cancel, finished } = await start();
    await clock.untilSet(delayMs);
    expect(clock.openDelaysMs()).toEqual([limitMs, delayMs]);
    cancel('Login was not completed');
    await expect(finished).rejects.toEqual(loginFailed('Login was not completed'));
  }),
);

test.each([403, 404] as const)('a poll with the answer %i is repeated', (status) =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    const { backend, clock, start, requests } = fixture;
    backend.script('deviceToken', { status, body: {} });
    backend.script('token', { status: 400, body: { error_description: 'enough' } });
    const { finished } = await start();
    await clock.untilSet(5_000);
    backend.script('deviceToken', { body: grant });
    clock.fire(5_000);
    await expect(finished).rejects.toMatchObject({ kind: 'loginFailed' });
    const poll = [`${path}/token`, code];
    expect(requests().slice(1, 3)).toEqual([poll, poll]);
  }),
);

test('a poll without an answer in time is repeated', () =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    const { backend, clock, start } = fixture;
    backend.script('deviceToken', () => 'handled');
    const { finished } = await start();
    await clock.untilSet(20_000);
    clock.fire(20_000);
    await clock.untilSet(5_000);
    backend.script('deviceToken', { status: 418, body: {} });
    clock.fire(5_000);
    await expect(finished).rejects.toEqual(loginFailed("device auth failed with status 418 I'm a teapot"));
  }));

test.each([
  [
    'while the code is undecided',
    (fixture: DeviceLoginFixture) => fixture.clock.untilSet(5_000),
    { status: 403 },
  ],
  ['while a poll hangs', (fixture: DeviceLoginFixture) => fixture.clock.untilSet(20_000), undefined],
] as const)('after fifteen minutes the login ends %s', (_when, until, reply) =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    const { backend, clock, start } = fixture;
    backend.script('deviceToken', reply ? { ...reply, body: {} } : () => 'handled');
    const { finished } = await start();
    await until(fixture);
    clock.fire(limitMs);
    await expect(finished).rejects.toEqual(loginFailed('device auth timed out after 15 minutes'));
    expect(clock.openDelaysMs()).toEqual([]);
  }),
);

test.each([
  ['between two polls', 'deviceToken', 5_000, { status: 403, body: {} }],
  ['during a poll', 'deviceToken', 20_000, undefined],
  ['during the code exchange', 'token', 30_000, undefined],
] as const)('a login that is cancelled %s stores nothing', (_when, endpoint, timerMs, reply) =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    const { backend, clock, start, saved } = fixture;
    backend.script(endpoint, reply ?? (() => 'handled'));
    const { cancel, finished } = await start();
    await clock.untilSet(timerMs);
    cancel('Login was not completed');
    cancel('again');
    await expect(finished).rejects.toEqual(loginFailed('Login was not completed'));
    expect([saved, clock.openDelaysMs()]).toEqual([[], []]);
  }),
);

test('a login that is being stored can no longer be cancelled', async () => {
  let cancelNow = (): void => undefined;
  const store = (): Promise<void> => {
    cancelNow();
    return Promise.resolve();
  };
  await withDeviceLogin({ store }, async ({ clock, start, decide, saved }) => {
    const { answer, cancel, finished } = await start();
    cancelNow = () => {
      cancel('Login was not completed');
    };
    await clock.untilSet(1_000);
    await decide(answer.userCode, 'allow');
    clock.fire(1_000);
    await expect(finished).resolves.toBeUndefined();
    expect(saved).toHaveLength(1);
  });
});

test('a login that cannot be stored fails, and the log has the reason', () => {
  const store = () => Promise.reject(Object.assign(new Error('canary'), { code: 'EACCES' }));
  return withDeviceLogin({ store }, async ({ clock, start, decide, log }) => {
    const { answer, finished } = await start();
    await clock.untilSet(1_000);
    await decide(answer.userCode, 'allow');
    clock.fire(1_000);
    await expect(finished).rejects.toEqual(
      loginFailed('Sign-in completed but credentials could not be saved locally.'),
    );
    expect(log).toEqual([
      expect.stringMatching(/cannot store the login: auth.json cannot be replaced \(EACCES\)\n$/),
    ]);
  });
});

test.each([
  [['a', 'b'], 'Login is restricted to workspace id(s) a, b.'],
  [['a', devIdentity.accountId], undefined],
])('with the workspaces %j allowed, the login fails with %j', (allowedWorkspaces, message) =>
  withDeviceLogin({ allowedWorkspaces }, async ({ clock, start, decide, saved }) => {
    const { answer, finished } = await start();
    await clock.untilSet(1_000);
    await decide(answer.userCode, 'allow');
    clock.fire(1_000);
    const failure = await finished.catch((error: unknown) => error);
    expect(failure).toEqual(message === undefined ? undefined : loginFailed(message));
    expect(saved).toHaveLength(message === undefined ? 1 : 0);
  }),
);
