import process from 'node:process';
import { expect, test } from 'vitest';
import { withBuiltServer } from '../support/built-server.js';
import { nodeParser } from '../../src/backend/native-parser.js';
import { rawReply } from '../support/scripted-reply.js';

const handsItOut = /^v2[0-3]\./.test(process.version);

test.runIf(handsItOut)('this node hands out its parser, with the callbacks that we know', () => {
  const parser = nodeParser();
  const moved = 'node has moved its HTTP parser: see src/backend/native-parser.ts';
  expect(parser, moved).toBeDefined();
  expect({ ...parser }, moved).toMatchObject({
    RESPONSE: 2,
    kOnMessageBegin: 0,
    kOnHeaders: 1,
    kOnHeadersComplete: 2,
    kOnBody: 3,
    kOnMessageComplete: 4,
  });
});

const body = '{"plan_type":"plus"}';
const head = 'HTTP/1.1 200 OK\r\n';
const sized = `content-length: ${body.length}\r\n\r\n${body}`;
const chunked = 'transfer-encoding: chunked\r\n\r\n';
const headers = (count: number, value = 'y'): string =>
  Array.from({ length: count }, (_, index) => `x-${index}: ${value}\r\n`).join('');

const replies = {
  whole: head + sized,
  'of HTTP/1.0, without a length': `HTTP/1.0 200 OK\r\n\r\n${body}`,
  'without a phrase': `HTTP/1.1 200\r\n${sized}`,
  'after early hints': `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${head}${sized}`,
  'in chunks, with trailers': `${head}${chunked}14;x=y\r\n${body}\r\n0\r\nx: y\r\n\r\n`,
  'with 90 headers': head + headers(90) + sized,
  'with 260 KB of headers': head + headers(26, 'y'.repeat(10_000)) + sized,
  'with 600 KB of headers': head + headers(60, 'y'.repeat(10_000)) + sized,
  'with an empty header, and blanks around another': `${head}x:\r\nx-request-id: \t id-1 \t\r\n${sized}`,
  'with a header that goes on in the next line': `${head}x: a\r\n b\r\n${sized}`,
  'with a header that is not ASCII': `${head}x-request-id: \u00e9\r\n${sized}`,
  'with more than its body': `${head}${sized}and more`,
  'and another one': `${head}${sized}${head}${sized}`,
  'with an error status': `HTTP/1.1 500 Oops\r\nx-request-id: id-1\r\n${sized}`,
  'of status 204': 'HTTP/1.1 204 No Content\r\n\r\n',
  'of status 101': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
  'of status 100 alone': 'HTTP/1.1 100 Continue\r\n\r\n',
  'that is cut in its body': `${head}content-length: 100\r\n\r\n${body}`,
  'that is cut in a chunk': `${head}${chunked}14\r\n{`,
  'that is cut in its head': `${head}content-len`,
  'without a byte': '',
  'that is no HTTP': 'SSH-2.0-OpenSSH_9.2\r\n',
  'with a status that is no number': `HTTP/1.1 2x0 OK\r\n${sized}`,
  'with two lengths': `${head}content-length: 5\r\n${sized}`,
  'with a length and chunks': `${head}content-length: 20\r\n${chunked}14\r\n${body}\r\n0\r\n\r\n`,
  'with a length below zero': `${head}content-length: -1\r\n\r\n${body}`,
  'with a chunk of no length': `${head}${chunked}zz\r\n${body}\r\n0\r\n\r\n`,
  'with a NUL in a header': `${head}x: a\0b\r\n${sized}`,
  'with a blank in the name of a header': `${head}x y: z\r\n${sized}`,
};

/** What reading such a reply leads to, and what the next read does. */
async function answersTo(reply: string, disabled: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  const environment = { CODEX_ACCOUNT_SERVER_DISABLE: `code-cache,${disabled}` };
  await withBuiltServer({ environment }, async ({ backend, server }) => {
    await server.call('init', 'initialize', { clientInfo: { name: 'test', version: '1' } });
    backend.script('usage', rawReply(reply));
    const params = { excludeResetCreditDetails: true };
    server.send({ id: 1, method: 'account/rateLimits/read', params });
    answers.push(await server.answer(1));
    backend.script('usage', { body: { plan_type: 'plus' } });
    server.send({ id: 2, method: 'account/rateLimits/read', params });
    answers.push(await server.answer(2), server.stderr());
    const port = new RegExp(`:${backend.port}`, 'g');
    answers.splice(0, 3, JSON.stringify(answers).replace(port, ':PORT'));
  });
  return answers;
}

test.each(Object.entries(replies))(
  'a reply %s leads to the same with either parser',
  async (_what, reply) => {
    const [native, own] = await Promise.all([answersTo(reply, ''), answersTo(reply, 'native-parser')]);
    expect(native).toEqual(own);
  },
);

test.runIf(handsItOut).each([
  ['used', 'code-cache', ''],
  ['not used where it is switched off', 'code-cache,native-parser', 'compiled'],
])("node's parser is %s", (_how, disabled, expected) => {
  const told = `const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); console.error('compiled'); } };`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(told)}`;
  return withBuiltServer(
    { environment: { NODE_OPTIONS, CODEX_ACCOUNT_SERVER_DISABLE: disabled } },
    async ({ server }) => {
      await server.call('init', 'initialize', { clientInfo: { name: 'test', version: '1' } });
      await server.call(1, 'account/rateLimits/read', {});
      server.child.stdin.end();
      await server.exited;
      expect(server.stderr().trim()).toBe(expected);
    },
  );
});
