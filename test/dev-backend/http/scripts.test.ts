import { expect, test } from 'vitest';
import { bearer, consumePath, redemption, skippingClock, usagePath, withDevBackend } from '../fixture.js';

test('a scripted reply replaces that of one endpoint and leaves the ledger unchanged', () =>
  withDevBackend({ scenario: 'at-limit' }, async (backend) => {
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
])('a scripted body of %s is sent in the right form', (_what, body, text, contentType) =>
  withDevBackend({}, async (backend) => {
    backend.script('usage', { status: 200, body });
    const response = await fetch(backend.url + usagePath);
    expect([await response.text(), response.headers.get('content-type')]).toEqual([text, contentType]);
  }),
);

test('a scripted header replaces the usual one', () =>
  withDevBackend({}, async (backend) => {
    backend.script('usage', { headers: { 'Content-Type': 'text/html' }, body: 'no' });
    const response = await fetch(backend.url + usagePath);
    expect(response.headers.get('content-type')).toBe('text/html');
  }));

test('if a script returns undefined, the scenario responds', () =>
  withDevBackend({}, async (backend) => {
    backend.script('usage', (request) => (request.headers['x-mark'] ? { status: 418 } : undefined));
    const marked = await fetch(backend.url + usagePath, { headers: { ...bearer, 'x-mark': 'one' } });
    const plain = await fetch(backend.url + usagePath, { headers: bearer });
    expect([marked.status, plain.status]).toEqual([418, 200]);
  }));

test('a script can write the response itself', () =>
  withDevBackend({}, async (backend) => {
    backend.script('usage', (_request, response) => {
      response.writeHead(203).end('mine');
      return 'handled';
    });
    const response = await fetch(backend.url + usagePath, { headers: bearer });
    expect([response.status, await response.text()]).toEqual([203, 'mine']);
  }));

test('a removed script no longer applies', () =>
  withDevBackend({}, async (backend) => {
    backend.script('usage', { status: 418 });
    backend.script('usage', undefined);
    const response = await fetch(backend.url + usagePath, { headers: bearer });
    expect(response.status).toBe(200);
  }));

test('a scripted delay postpones the response but not its effect', async () => {
  const delaysMs: number[] = [];
  await withDevBackend({ scenario: 'at-limit', clock: skippingClock(delaysMs) }, async (backend) => {
    backend.script('consume', { delayMs: 700 });
    const response = await fetch(backend.url + consumePath, redemption);
    expect(await response.json()).toEqual({ code: 'reset', windows_reset: 2 });
    expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
  });
  expect(delaysMs).toEqual([700]);
});

test('a script can destroy the response of a redemption that takes place', () =>
  withDevBackend({ scenario: 'at-limit' }, async (backend) => {
    backend.script('consume', (_request, response) => {
      response.destroy();
      return undefined;
    });
    await expect(fetch(backend.url + consumePath, redemption)).rejects.toThrow('fetch failed');
    backend.script('consume', undefined);
    const response = await fetch(backend.url + consumePath, redemption);
    expect(await response.json()).toEqual({ code: 'already_redeemed', windows_reset: 0 });
  }));
