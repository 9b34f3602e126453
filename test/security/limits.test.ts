import { expect, test } from 'vitest';
import { withAccount } from '../support/account-fixture.js';
import { answerWithCodex } from '../support/bare-answer.js';
import { rawReply } from '../support/scripted-reply.js';

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

test('A reply may be nested to any depth.', () =>
  withAccount({}, async ({ backend, read }) => {
    const nested = '['.repeat(mebibyte / 2) + ']'.repeat(mebibyte / 2);
    const body = `{"plan_type":"plus","rate_limit_upsell":${nested},"additional_rate_limits":${nested}}`;
    backend.script('usage', { body });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }));
