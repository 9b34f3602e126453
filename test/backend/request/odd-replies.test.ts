import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { answerWithCodex, bareAnswer } from '../../support/bare-answer.js';
import { rawReply } from '../../support/network/scripted-reply.js';

const body = '{"plan_type":"plus"}';
const sized = `content-length: ${body.length}\r\n\r\n${body}`;
const manyHeaders = Array.from({ length: 90 }, (_, index) => `x-${index}: y\r\n`).join('');

test.each([
  ['of HTTP/1.0', `HTTP/1.0 200 OK\r\n\r\n${body}`],
  ['that ends with the connection', `HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${body}`],
  ['after an early hint', `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n${sized}`],
  ['with bytes after the declared body', `HTTP/1.1 200 OK\r\n${sized}and more`],
  ['without a phrase', `HTTP/1.1 200\r\n${sized}`],
  ['with 90 headers', `HTTP/1.1 200 OK\r\n${manyHeaders}${sized}`],
  [
    'in chunks',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14;x=y\r\n${body}\r\n0\r\nx: y\r\n\r\n`,
  ],
])('a reply %s is read', (_what, reply) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', rawReply(reply));
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }),
);

test('bytes after a declared body do not affect the next request', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', rawReply(`HTTP/1.1 200 OK\r\n${sized}and more`));
    await read();
    backend.script('usage', { body });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }));

test('the status 304 is an ordinary error status', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', rawReply('HTTP/1.1 304 Not Modified\r\ncontent-type: a/b\r\n\r\n'));
    expect(await read()).toEqual({
      error: {
        code: -32603,
        message: `failed to fetch codex rate limits: GET ${backend.url}/api/codex/usage failed: 304 Not Modified; content-type=a/b; body=`,
        data: { kind: 'backendStatus', httpStatus: 304 },
      },
    });
  }));

test('a reply with 20 KB of headers is read', () =>
  withAccount({}, async ({ backend, read, consume }) => {
    const headers = { 'x-long': 'x'.repeat(20_000) };
    backend.script('usage', { headers, body: {} });
    backend.script('consume', { headers, body: { code: 'reset' } });
    expect(await read()).toEqual(bareAnswer());
    expect(await consume()).toEqual({ result: { outcome: 'reset' } });
  }));
