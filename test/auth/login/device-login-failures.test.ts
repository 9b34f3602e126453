import { expect, test } from 'vitest';
import {
  code,
  type DeviceLoginFixture,
  devicePath as path,
  grant,
  grantAtOnce,
  loginFailed,
  withDeviceLogin,
} from './device-fixture.js';
import { answeredBy } from '../../support/network/scripted-reply.js';

/** Returns the error that the login fails with. */
async function failureOf({ start }: DeviceLoginFixture): Promise<unknown> {
  const { finished } = await start();
  return finished.then(
    () => 'a success',
    (error: unknown) => error,
  );
}

const requestFailed = 'failed to request device code:';
const undecodable = `${requestFailed} error decoding response body`;

test.each([
  [
    404,
    {},
    'unsupported',
    'device code login is not enabled for this Codex server. Use the browser login or verify the server URL.',
  ],
  [
    500,
    'x',
    'backendStatus',
    `${requestFailed} device code request failed with status 500 Internal Server Error`,
  ],
  [429, {}, 'backendStatus', `${requestFailed} device code request failed with status 429 Too Many Requests`],
  [200, 'nope', 'badReply', undecodable],
  [200, { user_code: 'X' }, 'badReply', undecodable],
  [200, { device_auth_id: 'd' }, 'badReply', undecodable],
  [200, { ...code, interval: 5 }, 'badReply', undecodable],
  [200, { ...code, interval: null }, 'badReply', undecodable],
  [200, { ...code, interval: 'soon' }, 'badReply', undecodable],
] as const)('asked for a code, an answer %i %j is %s', (status, body, kind, message) =>
  withDeviceLogin({}, async ({ backend, start, requests }) => {
    backend.script('deviceUserCode', { status, body });
    await expect(start()).rejects.toMatchObject({ kind, message });
    expect(requests()).toHaveLength(1);
  }),
);

test('the error names an issuer that cannot be reached', () =>
  withDeviceLogin({}, async ({ backend, start }) => {
    await backend.close();
    await expect(start()).rejects.toMatchObject({
      kind: 'backendUnreachable',
      message: `${requestFailed} error sending request for url (${backend.url}${path}/usercode)`,
    });
  }));

test('the login fails if the issuer does not answer', () =>
  withDeviceLogin({}, async ({ backend, clock, start }) => {
    backend.script('deviceUserCode', () => 'handled');
    const starting = start();
    clock.fire(20_000);
    await expect(starting).rejects.toMatchObject({
      kind: 'timedOut',
      message: `${requestFailed} no answer in time`,
    });
  }));

test.each([
  [400, { error: 'canary' }, 'device auth failed with status 400 Bad Request'],
  [200, 'canary', 'error decoding response body'],
  [200, { ...grant, code_challenge: undefined }, 'error decoding response body'],
  [200, { ...grant, code_verifier: 5 }, 'error decoding response body'],
] as const)('a poll answered %i %j ends the login', (status, body, message) =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    fixture.backend.script('deviceToken', { status, body });
    expect(await failureOf(fixture)).toEqual(loginFailed(message));
    expect([fixture.saved, fixture.clock.openDelaysMs()]).toEqual([[], []]);
  }),
);

test('a poll with a lost connection ends the login', () =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    const { backend } = fixture;
    backend.script(
      'deviceToken',
      answeredBy((response) => response.destroy()),
    );
    expect(await failureOf(fixture)).toEqual(
      loginFailed(`error sending request for url (${backend.url}${path}/token)`),
    );
  }));

test('a login that the user denies fails', () =>
  withDeviceLogin({}, async ({ clock, start, decide, saved }) => {
    const { answer, finished } = await start();
    await clock.untilSet(1_000);
    await decide(answer.userCode, 'deny');
    clock.fire(1_000);
    await expect(finished).rejects.toEqual(loginFailed('device auth failed with status 400 Bad Request'));
    expect(saved).toEqual([]);
  }));

test.each([
  [
    400,
    { error: 'invalid_grant', error_description: 'bad canary-code' },
    'token endpoint returned status 400 Bad Request: bad <redacted>',
  ],
  [200, { access_token: 'canary-access' }, 'OAuth token response is invalid'],
] as const)('a code exchange answered %i %j ends the login', (status, body, message) =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    fixture.backend.script('token', { status, body });
    expect(await failureOf(fixture)).toEqual(loginFailed(`device code exchange failed: ${message}`));
    expect([fixture.saved, fixture.log]).toEqual([[], []]);
  }),
);

test('a login whose id token is not a JWT is not stored', () =>
  withDeviceLogin({}, async (fixture) => {
    grantAtOnce(fixture);
    fixture.backend.script('token', { body: { id_token: 'x', access_token: 'y', refresh_token: 'z' } });
    expect(await failureOf(fixture)).toEqual(loginFailed('invalid ID token format'));
    expect(fixture.saved).toEqual([]);
  }));
