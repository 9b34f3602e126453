import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { answerWithCodex, bareAnswer } from '../../support/bare-answer.js';

const reported = [
  { error: 'no' },
  { error: { code: 'x', message: 'no' } },
  { errors: ['no'] },
  { detail: 'Unauthorized' },
  { detail: [{ msg: 'no' }] },
  { message: 'no' },
];
const details = { kind: 'badReply', httpStatus: 200, requestId: expect.any(String) };

test.each([
  ...reported,
  { detail: 'no', plan_type: 'pro', account_id: 'a', user_id: 'u', rate_limit: null },
  { detail: 'no', additional_rate_limits: [] },
])('a usage of %j is an error, not an empty answer', (body) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body });
    const url = `${backend.url}/api/codex/usage`;
    expect(await read()).toEqual({
      error: {
        code: -32603,
        message: `failed to fetch codex rate limits: Decode error for ${url}: an error in place of the answer; content-type=application/json; body=${JSON.stringify(body)}`,
        data: details,
      },
    });
  }),
);

test('an error beside a limit does not matter', () =>
  withAccount({}, async ({ backend, read }) => {
    const body = { error: 'x', detail: 'x', spend_control: { reached: false } };
    backend.script('usage', { body });
    expect(await read()).toEqual(answerWithCodex({ spendControlReached: false }));
  }));

test('an error of null is none', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { error: null, detail: null } });
    expect(await read()).toEqual(bareAnswer());
  }));

test.each(reported)('messages of %j are an error, not an empty list', (body) =>
  withAccount({}, async ({ backend, call }) => {
    backend.script('workspaceMessages', { body });
    const { error } = (await call('account/workspaceMessages/read')) as { error: { data: object } };
    expect(error.data).toEqual(details);
  }),
);

test.each(reported)('credit details of %j leave the count of the usage', (body) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('credits', { body });
    expect(await read({})).toMatchObject({
      result: { rateLimitResetCredits: { availableCount: 1, credits: null } },
    });
  }),
);
