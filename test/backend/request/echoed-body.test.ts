import type { ServerResponse } from 'node:http';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { chatgptLogin, storedTokens } from '../../support/auth-file.js';
import { answerWithCodex } from '../../support/bare-answer.js';

const echoLimit = 64 * 1024;
/** The most bytes that the system can buffer at both ends of a connection. */
const systemBuffers = 16 * 1024 * 1024;
const replyLimit = 8 * 1024 * 1024;
const auth = chatgptLogin();

function messageOf(answer: Record<string, unknown>): string {
  return (answer as { error: { message: string } }).error.message;
}

/** Returns the part of the body that the message contains. */
async function shownBody({ read }: AccountFixture): Promise<string> {
  return messageOf(await read()).replace(/^.*?; body=/s, '');
}

test.each([
  ['exactly 64 KiB of text', 'x'.repeat(echoLimit), 'x'.repeat(echoLimit)],
  ['a byte more', 'x'.repeat(echoLimit + 1), 'x'.repeat(echoLimit)],
  [
    'a character of two bytes at the edge',
    `x${'é'.repeat(echoLimit / 2)}`,
    `x${'é'.repeat(echoLimit / 2 - 1)}`,
  ],
  ['a character of three bytes at the edge', '€'.repeat(21_846), '€'.repeat(21_845)],
  ['a character of four bytes at the edge', `xx${'😀'.repeat(16_384)}`, `xx${'😀'.repeat(16_383)}`],
  ['1 MiB', 'x'.repeat(1024 * 1024), 'x'.repeat(echoLimit)],
])('an error contains at most 64 KiB, in whole characters: %s', (_what, body, shown) =>
  withAccount({}, async (fixture) => {
    fixture.backend.script('usage', { status: 500, headers: { 'content-type': 'text/plain' }, body });
    expect(await shownBody(fixture)).toBe(shown);
  }),
);

/** A text of the backend, and the masked text in the message. */
const leaks: [string, string, string][] = [
  ['the access token', 'a canary-access-token b', 'a <redacted> b'],
  ['the refresh token', '{"t":"canary-refresh-token"}', '{"t":"<redacted>"}'],
  ['the id token', `<${storedTokens.id_token}>`, '<<redacted>>'],
  ['the e-mail address', 'for canary@example.com', 'for <redacted>'],
  ['the e-mail address in another case', 'for Canary@EXAMPLE.com', 'for <redacted>'],
  ['a token in another case', 'CANARY-ACCESS-TOKEN', '<redacted>'],
  [
    'several of them',
    'canary-access-tokencanary@example.com,canary-access-token',
    '<redacted><redacted>,<redacted>',
  ],
];

test.each(leaks)('%s in the body of an error status is masked', (_what, body, shown) =>
  withAccount({ auth }, async (fixture) => {
    fixture.backend.script('usage', { status: 500, body });
    expect(await shownBody(fixture)).toBe(shown);
  }),
);

test.each(leaks)('%s in a body that does not decode is masked', (_what, body, shown) =>
  withAccount({ auth }, async (fixture) => {
    fixture.backend.script('usage', { body: `[${body}` });
    expect(await shownBody(fixture)).toBe(`[${shown}`);
  }),
);

test.each(leaks)('%s in the answer to a consume is masked', (_what, body, shown) =>
  withAccount({ auth }, async ({ backend, consume }) => {
    backend.script('consume', { status: 500, body });
    expect(messageOf(await consume())).toContain(`; body=${shown}`);
  }),
);

test('a token in the content type is masked', () =>
  withAccount({ auth }, async ({ backend, read }) => {
    backend.script('usage', { status: 500, headers: { 'content-type': 'x/canary-access-token' }, body: '' });
    expect(messageOf(await read())).toContain('; content-type=x/<redacted>; body=');
  }));

test('a token across the cut is masked before the cut', () =>
  withAccount({ auth }, async (fixture) => {
    const filler = 'x'.repeat(echoLimit - 5);
    fixture.backend.script('usage', { status: 500, body: `${filler}canary-access-token and more` });
    expect(await shownBody(fixture)).toBe(`${filler}<reda`);
  }));

test.each([
  ['an error status', 500, 60],
  ['a success', 200, 3_000],
])('a body of %s that is cut within a token contains no part of it', (_what, status, count) =>
  withAccount({ auth: chatgptLogin({ access_token: 'T'.repeat(3_000) }) }, async (fixture) => {
    fixture.backend.script('usage', { status, body: `${'T'.repeat(3_000)} `.repeat(count) });
    expect((await shownBody(fixture)).includes('T')).toBe(false);
  }),
);

test('a body in another charset is masked after it is decoded', () =>
  withAccount({ auth }, async (fixture) => {
    const headers = { 'content-type': 'text/plain; charset=utf-16le' };
    fixture.backend.script('usage', {
      status: 500,
      headers,
      body: Buffer.from('a canary-access-token', 'utf16le'),
    });
    expect(await shownBody(fixture)).toBe('a <redacted>');
  }));

test('a compressed error body is shown decompressed and masked', () =>
  withAccount({ auth }, async (fixture) => {
    const headers = { 'content-encoding': 'gzip' };
    fixture.backend.script('usage', { status: 500, headers, body: zlib.gzipSync('a canary-access-token') });
    expect(await shownBody(fixture)).toBe('a <redacted>');
  }));

test('secrets in a response of the backend are not logged', () =>
  withAccount({ auth }, async (fixture) => {
    fixture.backend.script('usage', { status: 500, body: leaks.map(([, body]) => body).join(' ') });
    await fixture.read();
    expect(fixture.server.log).toEqual([]);
  }));

test('a reply of exactly 8 MiB is read', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: '{"plan_type":"plus"}'.padEnd(replyLimit) });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }));

test.each([
  ['plain', {}, Buffer.from('{"a":1}'.padEnd(replyLimit + 1)), '{"a":1}'.padEnd(echoLimit)],
  [
    'once decompressed',
    { 'content-encoding': 'gzip' },
    zlib.gzipSync(Buffer.alloc(replyLimit + 1, ' ')),
    ' '.repeat(echoLimit),
  ],
])('a reply above 8 MiB, %s, is refused', (_what, headers, body, shown) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { ...headers, 'x-request-id': 'req-1' }, body });
    expect(await read()).toEqual({
      error: {
        code: -32603,
        message: `failed to fetch codex rate limits: Decode error for ${backend.url}/api/codex/usage: reply above 8 MiB; content-type=application/json; body=${shown}`,
        data: { kind: 'badReply', httpStatus: 200, requestId: 'req-1' },
      },
    });
  }),
);

test.each([
  [200, 'badReply', replyLimit],
  [500, 'backendStatus', 2 * echoLimit],
])('reading an endless reply of status %i stops at the limit', (status, kind, limit) =>
  withAccount({}, async ({ backend, read }) => {
    const sentBytes = new Promise<number>((resolve) => {
      backend.script('usage', (_request, response) => {
        const { socket } = response;
        response.once('close', () => {
          resolve(socket?.bytesWritten ?? 0);
        });
        sendEndlessly(response, status);
        return 'handled';
      });
    });
    const answer = await read();
    expect(await sentBytes).toBeLessThan(limit + systemBuffers);
    expect(answer).toMatchObject({ error: { data: { kind, httpStatus: status } } });
    expect(messageOf(answer).replace(/^.*?; body=/s, '')).toBe('x'.repeat(echoLimit));
  }),
);

test('reading endless details stops, and they count as failed', () =>
  withAccount({}, async ({ backend, read }) => {
    const closed = new Promise<void>((resolve) => {
      backend.script('credits', (_request, response) => {
        response.once('close', resolve);
        sendEndlessly(response, 200);
        return 'handled';
      });
    });
    const answer = await read({});
    await closed;
    expect(answer).toHaveProperty('result.rateLimitResetCredits', { availableCount: 1, credits: null });
  }));

function sendEndlessly(response: ServerResponse, status: number): void {
  const chunk = Buffer.alloc(echoLimit, 'x');
  const sendMore = (): void => {
    while (response.write(chunk));
  };
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.on('drain', sendMore);
  sendMore();
}
