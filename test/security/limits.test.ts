import { expect, test } from 'vitest';
import { withAccount } from '../support/account-fixture.js';
import { answerWithCodex } from '../support/bare-answer.js';
import { rawReply } from '../support/network/scripted-reply.js';

const mebibyte = 1024 * 1024;

test('A reply may have 256 KiB of headers; one with more is an error.', () =>
  withAccount({}, async ({ backend, read, consume }) => {
    const reply = rawReply(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(mebibyte)}\r\ncontent-length: 2\r\n\r\n{}`);
    backend.script('usage', reply);
    backend.script('consume', reply);
    expect(await read()).toMatchObject({ error: { data: { kind: 'backendUnreachable' } } });
    expect(await consume()).toMatchObject({
      error: { data: { kind: 'backendUnreachable', outcomeKnown: false } },
    });
    backend.script('usage', { body: { plan_type: 'plus' } });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }));

test('A reply may nest 127 levels; a deeper one is an error, and is not parsed.', () =>
  withAccount({}, async ({ backend, read, consume }) => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const body = (depth: number): string => `{"plan_type":"plus","code":"reset","x":${nested(depth)}}`;
    backend.script('usage', { body: body(126) });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
    for (const depth of [127, mebibyte / 2]) {
      backend.script('usage', { body: body(depth) });
      backend.script('consume', { body: body(depth) });
      expect(await read()).toMatchObject({
        error: {
          message: expect.stringContaining(': nested deeper than 127 levels; '),
          data: { kind: 'badReply' },
        },
      });
      expect(await consume()).toMatchObject({ error: { data: { kind: 'badReply', outcomeKnown: false } } });
    }
  }));
