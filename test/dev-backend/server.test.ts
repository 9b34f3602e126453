import { connect } from 'node:net';

import { expect, test } from 'vitest';
import { devIdentity } from '../../src/dev-backend/identity.js';
import { createAccessToken } from '../../src/dev-backend/issuer/login-tokens.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { bearer, consumePath, redemption, usagePath, withDevBackend } from './fixture.js';

const farFutureMs = Date.parse('2100-01-01');

test('requests are recorded in order of arrival with headers and body', () =>
  withDevBackend({}, async (backend) => {
    await fetch(`${backend.url}/nowhere?a=b`, { headers: { 'x-mark': 'one' } });
    await fetch(backend.url + consumePath, redemption);
    expect(backend.requests).toMatchObject([
      { method: 'GET', url: '/nowhere?a=b', headers: { 'x-mark': 'one' }, body: '' },
      { method: 'POST', url: consumePath, headers: bearer, body: '{"redeem_request_id":"k1"}' },
    ]);
  }));

test('each of several users has credits of their own, and the access token says whose request it is', () => {
  const other = { ...devIdentity, userId: 'user-other', email: 'other@example.com' };
  return withDevBackend({ scenario: 'at-limit', users: [devIdentity, other] }, async (backend) => {
    const token = createAccessToken('access-other', farFutureMs, other);
    const headers = { authorization: `Bearer ${token}` };
    const usage = await fetch(backend.url + usagePath, { headers });
    await fetch(backend.url + consumePath, { ...redemption, headers });
    expect(await usage.json()).toMatchObject({ user_id: 'user-other', email: 'other@example.com' });
    expect(backend.ledgerOf(other).redeemedIds.size).toBe(1);
    expect(backend.ledger.redeemedIds.size).toBe(0);
  });
});

test('a token that names no user of the backend is taken as that of the first user', () =>
  withDevBackend({ scenario: 'at-limit' }, async (backend) => {
    const stranger = { ...devIdentity, accountId: 'account-other' };
    const token = createAccessToken('access-other', farFutureMs, stranger);
    await fetch(backend.url + consumePath, { ...redemption, headers: { authorization: `Bearer ${token}` } });
    expect(backend.ledgerOf(devIdentity).redeemedIds.size).toBe(1);
  }));

test('closing ends open connections and cancels delayed responses', async () => {
  let nowWaiting: () => void;
  let takenBack: () => void;
  const untilWaiting = new Promise<void>((resolve) => (nowWaiting = resolve));
  const untilTakenBack = new Promise<void>((resolve) => (takenBack = resolve));
  const after = () => {
    nowWaiting();
    return takenBack;
  };
  const backend = await startDevBackend({
    scenario: 'slow',
    clock: { nowMs: () => 0, monotonicMs: () => 0, after },
  });
  const answer = fetch(backend.url + usagePath, { headers: bearer }).catch(
    (error: unknown) => (error as Error).message,
  );
  await untilWaiting;
  await backend.close();
  expect(await answer).toBe('fetch failed');
  await untilTakenBack;
});

test('a closed backend does not listen, and a second close does nothing', async () => {
  const backend = await startDevBackend();
  await backend.close();
  await backend.close();
  const socket = connect(backend.port, '127.0.0.1');
  const code = await new Promise((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
  });
  expect(code).toBe('ECONNREFUSED');
});

test('starting on a port in use is an error', () =>
  withDevBackend({}, async (backend) => {
    await expect(startDevBackend({ port: backend.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  }));
