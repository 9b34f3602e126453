import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { unsignedJwt } from '../../../src/dev-backend/issuer/login-tokens.js';
import { systemClock } from '../../../src/util/clock.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { type RecordedCall } from '../../support/network/recording-issuer.js';
import {
  renewed,
  type RefreshFixture,
  refreshTokensIn,
  sentTokens,
  stored,
  withRefreshes,
} from './refresh-fixture.js';

const daysMs = 24 * 60 * 60 * 1000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const valid = unsignedJwt({ exp: inSeconds(3600) });
const expired = unsignedJwt({ exp: 1_000_000_000 });
const opaque = 'canary-access-token';
const withoutExpiry = unsignedJwt({ sub: 'canary' });
const withTextExpiry = unsignedJwt({ exp: 'canary' });

const old = (token: string): object => ({ sent: `Bearer ${token}`, authToken: token, reasons: [] });
const refreshed = (reason: string): object => ({
  sent: `Bearer ${renewed.access_token}`,
  authToken: renewed.access_token,
  reasons: [reason],
});
const signedOut = { sent: undefined, authToken: null, reasons: [] };

const reasonsIn = (calls: readonly RecordedCall[]): unknown[] =>
  calls.map(([, , body]) => (body as { refresh_reason: string }).refresh_reason);

async function seenBy(fixture: RefreshFixture): Promise<object> {
  await fixture.read();
  const status = await fixture.call('getAuthStatus', { includeToken: true });
  const { authToken } = status.result as { authToken: unknown };
  return { sent: sentTokens(fixture)[0], authToken, reasons: reasonsIn(fixture.calls) };
}

const ages: [lastRefresh: unknown, accessToken: string, seen: object][] = [
  // D29: codex sends these requests without the token.
  ...[undefined, null].flatMap((absent): [unknown, string, object][] =>
    [valid, withoutExpiry, opaque].map((token) => [absent, token, old(token)]),
  ),
  [undefined, expired, refreshed('proactive_expiry')],
  [null, expired, refreshed('proactive_expiry')],
  [ago(0), valid, old(valid)],
  ['2999-01-01T00:00:00Z', valid, old(valid)],
  ['2001-01-01T00:00:00Z', valid, old(valid)],
  ['2026-01-01T00:00:00+02:00', valid, old(valid)],
  ['2026-01-01 00:00:00Z', valid, old(valid)],
  [ago(7.9 * daysMs), opaque, old(opaque)],
  [ago(-daysMs), opaque, old(opaque)],
  [ago(7.9 * daysMs), withoutExpiry, old(withoutExpiry)],
  [ago(7.9 * daysMs), withTextExpiry, old(withTextExpiry)],
  [ago(8.1 * daysMs), opaque, refreshed('scheduled')],
  [ago(8.1 * daysMs), withoutExpiry, refreshed('scheduled')],
  [ago(8.1 * daysMs), withTextExpiry, refreshed('scheduled')],
  ...['', 5, {}, '2026-01-01', '2026-01-01T00:00:00'].map((wrong): [unknown, string, object] => [
    wrong,
    valid,
    signedOut,
  ]),
];

test.each(ages)(
  'with the last refresh %j the access token %.12s… is used or refreshed',
  (last_refresh, access_token, seen) =>
    withRefreshes({ auth: chatgptLogin({ access_token }, { last_refresh }) }, async (fixture) => {
      expect(await seenBy(fixture)).toEqual(seen);
    }),
);

test.each(['account/read', 'getAuthStatus'])(
  '%s refreshes a token without a last refresh if the client asks for it, which sets the last refresh',
  (method) =>
    withRefreshes({ auth: chatgptLogin({}, { last_refresh: null }) }, async (fixture) => {
      await fixture.call(method, { refreshToken: true });
      await fixture.read();
      expect(sentTokens(fixture)).toEqual([`Bearer ${renewed.access_token}`]);
      expect(reasonsIn(fixture.calls)).toEqual(['forced']);
      expect(stored(fixture).last_refresh).toMatch(/^20/);
    }),
);

test('an empty refresh token is never sent, and an expired access token is reported once', () =>
  withRefreshes({ auth: chatgptLogin({ access_token: expired, refresh_token: '' }) }, async (fixture) => {
    const { backend, calls, call, read, server } = fixture;
    await call('getAuthStatus', { refreshToken: true });
    await read();
    backend.script('usage', { status: 401 });
    expect(await read()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect(sentTokens(fixture)).toEqual([`Bearer ${expired}`, `Bearer ${expired}`]);
    expect({ calls, log: server.log }).toEqual({
      calls: [],
      log: [
        'ERROR the access token has expired, and this login cannot be refreshed here: store a new token, or sign in again\n',
      ],
    });
  }));

test('an access token without a refresh token that has not expired is used without a word', () =>
  withRefreshes({ auth: chatgptLogin({ access_token: valid, refresh_token: '' }) }, async (fixture) => {
    await fixture.read();
    expect({ sent: sentTokens(fixture), calls: fixture.calls, log: fixture.server.log }).toEqual({
      sent: [`Bearer ${valid}`],
      calls: [],
      log: [],
    });
  }));

const aheadMs = 400 * daysMs;
const clockAhead = { ...systemClock, nowMs: () => Date.now() + aheadMs };
const clockWarning =
  'ERROR a new access token counts as expired already: check the clock of this machine; the token is used until the backend refuses it\n';

/** Answers each refresh with an access token of its own, as an issuer whose clock is right. */
function issueTokens(claims: () => object): (response: ServerResponse) => void {
  let count = 0;
  return (response) => {
    count += 1;
    const access_token = unsignedJwt({ ...claims(), jti: `canary-${count}` });
    response.end(JSON.stringify({ access_token, refresh_token: `canary-refresh-${count}` }));
  };
}

test.each([
  ['names its time of issue', () => ({ iat: inSeconds(0), exp: inSeconds(3600) })],
  ['does not name its time of issue', () => ({ exp: inSeconds(3600) })],
])('with a clock far ahead a token that %s is refreshed once, with a warning', (_what, claims) =>
  withRefreshes(
    { auth: chatgptLogin({ access_token: valid }), clock: clockAhead },
    async (fixture) => {
      const { calls, call, read, backend, server } = fixture;
      for (let reads = 0; reads < 3; reads += 1) await read();
      await call('getAuthStatus', {});
      expect(reasonsIn(calls)).toEqual(['proactive_expiry']);
      expect(new Set(sentTokens(fixture)).size).toBe(1);
      expect(server.log).toEqual([clockWarning]);
      backend.script('usage', { status: 401 });
      await read();
      expect(reasonsIn(calls)).toEqual(['proactive_expiry', 'unauthorized_recovery']);
      expect(refreshTokensIn(calls)).toEqual(['canary-refresh-token', 'canary-refresh-1']);
    },
    issueTokens(claims),
  ),
);

test('with a clock far ahead a new server does not refresh the token that another has stored', () => {
  const access_token = unsignedJwt({ iat: inSeconds(-60), exp: inSeconds(3600) });
  const last_refresh = new Date(clockAhead.nowMs() - 60_000).toISOString();
  return withRefreshes(
    { auth: chatgptLogin({ access_token }, { last_refresh }), clock: clockAhead },
    async (fixture) => {
      await fixture.read();
      await fixture.read();
      expect(sentTokens(fixture)).toEqual([`Bearer ${access_token}`, `Bearer ${access_token}`]);
      expect({ calls: fixture.calls, log: fixture.server.log }).toEqual({ calls: [], log: [clockWarning] });
    },
  );
});

test('a reply without an access token is not asked for again with each request', () =>
  withRefreshes(
    { auth: chatgptLogin({ access_token: expired }) },
    async ({ calls, read, server }) => {
      await read();
      await read();
      expect([calls.length, server.log]).toEqual([1, [clockWarning]]);
    },
    (response) => response.end('{}'),
  ));
