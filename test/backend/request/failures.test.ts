import { expect, test } from 'vitest';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import { withAccount } from '../../support/account-fixture.js';
import { answeredBy, rawReply } from '../../support/network/scripted-reply.js';

const readPrefix = 'failed to fetch codex rate limits';
const consumePrefix = 'failed to consume rate limit reset';
const usagePath = '/api/codex/usage';
const consumePath = '/api/codex/rate-limit-reset-credits/consume';
const headers = { 'content-type': 'text/plain', 'x-request-id': 'req-1' };

/** Returns the error of a read with a response of the backend. */
function readError(message: string, httpStatus: number, kind = 'backendStatus', details = {}): object {
  return {
    error: {
      code: -32603,
      message: `${readPrefix}: ${message}`,
      data: { kind, httpStatus, requestId: 'req-1', ...details },
    },
  };
}

test.each([
  [300, 'Multiple Choices'],
  [302, 'Found'],
  [400, 'Bad Request'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [418, "I'm a teapot"],
  [422, 'Unprocessable Entity'],
  [499, '<unknown status code>'],
  [500, 'Internal Server Error'],
  [509, '<unknown status code>'],
  [529, '<unknown status code>'],
  [599, '<unknown status code>'],
  [999, '<unknown status code>'],
])('the error for the status %i has the standard phrase %s', (status, phrase) =>
  withAccount({}, async ({ backend, read, consume }) => {
    const reply = { status, headers, body: 'so "it" is\n' };
    backend.script('usage', reply);
    backend.script('consume', reply);
    const ending = `failed: ${status} ${phrase}; content-type=text/plain; body=so "it" is\n`;
    expect(await read()).toEqual(readError(`GET ${backend.url}${usagePath} ${ending}`, status));
    const { error } = (await consume()) as { error: { message: string } };
    expect(error.message).toBe(`${consumePrefix}: POST ${backend.url}${consumePath} ${ending}`);
  }),
);

test('the error has the standard phrase, and an empty content type and body if there are none', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script(
      'usage',
      answeredBy((response) => response.writeHead(404, 'Gone fishing', { 'x-request-id': 'req-1' }).end()),
    );
    const message = `GET ${backend.url}${usagePath} failed: 404 Not Found; content-type=; body=`;
    expect(await read()).toEqual(readError(message, 404));
  }));

test.each([
  ['text/plain; a="b"', Buffer.from('x'), 'text/plain; a="b"', 'x'],
  ['text/plain; charset=latin1', Buffer.from('é', 'latin1'), 'text/plain; charset=latin1', 'é'],
  ['text/plain', Buffer.from('é', 'latin1'), 'text/plain', '\ufffd'],
  ['text/é', Buffer.from('x'), '', 'x'],
])('the error contains the content type %j and the body as sent', (type, body, shownType, shownBody) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { status: 400, headers: { ...headers, 'content-type': type }, body });
    const shown = `GET ${backend.url}${usagePath} failed: 400 Bad Request`;
    expect(await read()).toEqual(readError(`${shown}; content-type=${shownType}; body=${shownBody}`, 400));
  }),
);

test('the error contains the first of two content types', () =>
  withAccount({}, async ({ backend, read }) => {
    const lines = ['HTTP/1.1 400 x', 'content-type: a/b', 'content-type: c/d', 'x-request-id: req-1'];
    backend.script('usage', rawReply(`${lines.join('\r\n')}\r\ncontent-length: 0\r\n\r\n`));
    const shown = `GET ${backend.url}${usagePath} failed: 400 Bad Request; content-type=a/b; body=`;
    expect(await read()).toEqual(readError(shown, 400));
  }));

test.each([
  ['', 'empty body'],
  [' \n', 'empty body'],
  ['<html>', 'not JSON'],
  ['{"plan_type":', 'not JSON'],
  ['{"plan_type":"pro",}', 'not JSON'],
  ['{"plan_type":NaN}', 'not JSON'],
  ['{} {}', 'not JSON'],
  ['[]', 'not a JSON object'],
  ['null', 'not a JSON object'],
  ['"pro"', 'not a JSON object'],
  ['5', 'not a JSON object'],
])('the usage body %j does not decode: %s', (body, reason) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers, body });
    const message = `Decode error for ${backend.url}${usagePath}: ${reason}; content-type=text/plain; body=${body}`;
    const details = body === '<html>' ? { reason: 'captivePortal' } : {};
    expect(await read()).toEqual(readError(message, 200, 'badReply', details));
  }),
);

test.each(['usage', 'consume'] as const)(
  'a redirect of %s is not followed, and nothing is sent to another origin',
  async (endpoint) => {
    const other = await startDevBackend();
    await withAccount({}, async ({ backend, read, consume }) => {
      backend.script(endpoint, { status: 307, headers: { location: `${other.url}${usagePath}` }, body: '' });
      const answer = await (endpoint === 'usage' ? read() : consume());
      expect(answer).toMatchObject({ error: { data: { kind: 'backendStatus', httpStatus: 307 } } });
      expect(backend.requests.length).toBe(1);
      expect(other.requests).toEqual([]);
    }).finally(other.close);
  },
);

test('a redirect to the same origin is not followed either', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { status: 302, headers: { ...headers, location: '/elsewhere' }, body: 'moved' });
    const message = `GET ${backend.url}${usagePath} failed: 302 Found; content-type=text/plain; body=moved`;
    expect(await read()).toEqual(readError(message, 302, 'backendStatus', { reason: 'captivePortal' }));
    expect(backend.requests.map(({ url }) => url)).toEqual([usagePath]);
  }));
