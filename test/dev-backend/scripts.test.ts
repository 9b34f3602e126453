import { expect, test } from 'vitest';

import type { DevBackend, DevBackendOptions } from '../../src/dev-backend/server.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import type { Clock } from '../../src/util/clock.js';

const bearer = { authorization: 'Bearer token' };
const usagePath = '/api/codex/usage';
const consumePath = '/api/codex/rate-limit-reset-credits/consume';
const redemption = { method: 'POST', headers: bearer, body: '{"redeem_request_id":"k1"}' };

async function withBackend(
  options: DevBackendOptions,
  act: (backend: DevBackend) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend(options);
  await act(backend).finally(() => backend.close());
}

/** Time stands still; what is put off is noted and happens at once. */
function impatientClock(delaysMs: number[]): Clock {
  return {
    nowMs: () => Date.parse('2026-01-01T00:00:00Z'),
    after(delayMs, callback) {
      delaysMs.push(delayMs);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}

test('a scripted reply stands in for one endpoint and leaves the ledger alone', () =>
  withBackend({ scenario: 'at-limit' }, async (backend) => {
    backend.script('consume', { status: 502, headers: { 'X-Mark': 'one' }, body: { a: 1 } });
    const consume = await fetch(backend.url + consumePath, redemption);
    expect([consume.status, consume.headers.get('x-mark'), await consume.text()]).toEqual([
      502,
      'one',
      '{"a":1}',
    ]);
    expect([...backend.ledger.creditIdByKey]).toEqual([]);
    const usage = await fetch(backend.url + usagePath, { headers: bearer });
    expect(usage.status).toBe(200);
  }));

test.each([
  ['text', '{"a":', '{"a":', 'application/json'],
  ['bytes', Buffer.from([0x22, 0xe9, 0x22]), '"\ufffd"', 'application/json'],
  ['null', null, 'null', 'application/json'],
  ['nothing', undefined, '', null],
])('a scripted body of %s is sent as it should be', (_what, body, text, contentType) =>
  withBackend({}, async (backend) => {
    backend.script('usage', { status: 200, body });
    const response = await fetch(backend.url + usagePath);
    expect([await response.text(), response.headers.get('content-type')]).toEqual([text, contentType]);
  }),
);

test('a scripted header replaces the usual one', () =>
  withBackend({}, async (backend) => {
    backend.script('usage', { headers: { 'Content-Type': 'text/html' }, body: 'no' });
    const response = await fetch(backend.url + usagePath);
    expect(response.headers.get('content-type')).toBe('text/html');
  }));

test('a script that returns undefined leaves the answer to the scenario', () =>
  withBackend({}, async (backend) => {
    backend.script('usage', (request) => (request.headers['x-mark'] ? { status: 418 } : undefined));
    const marked = await fetch(backend.url + usagePath, { headers: { ...bearer, 'x-mark': 'one' } });
    const plain = await fetch(backend.url + usagePath, { headers: bearer });
    expect([marked.status, plain.status]).toEqual([418, 200]);
  }));

test('a script may answer by itself', () =>
  withBackend({}, async (backend) => {
    backend.script('usage', (_request, response) => {
      response.writeHead(203).end('mine');
      return 'handled';
    });
    const response = await fetch(backend.url + usagePath, { headers: bearer });
    expect([response.status, await response.text()]).toEqual([203, 'mine']);
  }));

test('a script that was taken away holds no longer', () =>
  withBackend({}, async (backend) => {
    backend.script('usage', { status: 418 });
    backend.script('usage', undefined);
    const response = await fetch(backend.url + usagePath, { headers: bearer });
    expect(response.status).toBe(200);
  }));

test('a scripted reply that is only a delay puts off the answer but not its effect', async () => {
  const delaysMs: number[] = [];
  await withBackend({ scenario: 'at-limit', clock: impatientClock(delaysMs) }, async (backend) => {
    backend.script('consume', { delayMs: 700 });
    const response = await fetch(backend.url + consumePath, redemption);
    expect(await response.json()).toEqual({ code: 'reset', windows_reset: 2 });
    expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
  });
  expect(delaysMs).toEqual([700]);
});

test('a script that destroys the response loses the answer of a redemption that took place', () =>
  withBackend({ scenario: 'at-limit' }, async (backend) => {
    backend.script('consume', (_request, response) => {
      response.destroy();
      return undefined;
    });
    await expect(fetch(backend.url + consumePath, redemption)).rejects.toThrow('fetch failed');
    backend.script('consume', undefined);
    const response = await fetch(backend.url + consumePath, redemption);
    expect(await response.json()).toEqual({ code: 'already_redeemed', windows_reset: 0 });
  }));
