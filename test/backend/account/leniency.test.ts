import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { answerWithCodex, bareAnswer, bareSnapshot } from '../../support/bare-answer.js';

/** A number as JSON text, and the number of the answer. It is null if the text cannot be read. */
const integers: [string, number | null][] = [
  ['42', 42],
  ['42.0', 42],
  ['4e1', 40],
  ['42.4', 42],
  ['42.5', 43],
  ['-1.5', -1],
  ['-1.6', -2],
  ['-0.4', 0],
  ['-0', 0],
  ['"42"', 42],
  ['"42.5"', 43],
  ['"-7"', -7],
  ['"abc"', null],
  ['""', null],
  ['"0x10"', null],
  ['"Infinity"', null],
  ['1e999', null],
  ['true', null],
  ['null', null],
  ['[1]', null],
  ['{}', null],
];

test.each([...integers, ['2147483647', 2_147_483_647], ['-2147483648', -2_147_483_648]] as typeof integers)(
  'used_percent %s is %j, and only its window is missing if it cannot be read',
  (text, usedPercent) =>
    withAccount({}, async ({ backend, read }) => {
      backend.script('usage', {
        body: `{"rate_limit":{"allowed":true,"primary_window":{"used_percent":${text},"limit_window_seconds":60,"reset_at":9},"secondary_window":{"used_percent":1,"limit_window_seconds":120,"reset_at":8}}}`,
      });
      expect(await read()).toEqual(
        answerWithCodex({
          primary: usedPercent === null ? null : { usedPercent, windowDurationMins: 1, resetsAt: 9 },
          secondary: { usedPercent: 1, windowDurationMins: 2, resetsAt: 8 },
        }),
      );
    }),
);

test.each([
  ...integers,
  ['2147483648', 2_147_483_648],
  ['4102444800', 4_102_444_800],
  ['"4102444800"', 4_102_444_800],
  ['-5', -5],
] as typeof integers)('reset_at %s is %j', (text, resetsAt) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', {
      body: `{"rate_limit":{"primary_window":{"used_percent":1,"limit_window_seconds":60,"reset_at":${text}}}}`,
    });
    expect(await read()).toEqual(
      answerWithCodex({ primary: { usedPercent: 1, windowDurationMins: 1, resetsAt } }),
    );
  }),
);

/** A `rate_limit` object, and the windows of the answer. */
test.each([
  ['no used_percent', { primary_window: { limit_window_seconds: 60, reset_at: 9 } }, {}],
  [
    'no length',
    { primary_window: { used_percent: 5, reset_at: 9 } },
    { primary: { usedPercent: 5, windowDurationMins: null, resetsAt: 9 } },
  ],
  [
    'no reset',
    { primary_window: { used_percent: 5, limit_window_seconds: 60 } },
    { primary: { usedPercent: 5, windowDurationMins: 1, resetsAt: null } },
  ],
  [
    'a length with a fraction',
    { primary_window: { used_percent: 5, limit_window_seconds: 60.5, reset_at: 9 } },
    { primary: { usedPercent: 5, windowDurationMins: 2, resetsAt: 9 } },
  ],
  [
    'a length as text',
    { primary_window: { used_percent: 5, limit_window_seconds: '18000', reset_at: 9 } },
    { primary: { usedPercent: 5, windowDurationMins: 300, resetsAt: 9 } },
  ],
  ['a window that is text', { primary_window: 'none', secondary_window: null }, {}],
  ['an empty window', { primary_window: {} }, {}],
])('a rate limit with %s keeps its other members', (_what, rateLimit, windows) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { rate_limit: rateLimit } });
    expect(await read()).toEqual(answerWithCodex(windows));
  }),
);

/** One member of the usage body as JSON text, and the members of the answer that differ from the bare one. */
test.each([
  ['no plan', '"other":1', {}],
  ['a plan of null', '"plan_type":null', {}],
  ['a plan that is a number', '"plan_type":5', {}],
  ['a rate limit that is text', '"rate_limit":"none"', {}],
  ['a rate limit that is a list', '"rate_limit":[]', {}],
  [
    'a balance that is a number',
    credits('"has_credits":true,"unlimited":false,"balance":12.5'),
    bought('12.5'),
  ],
  ['a balance of 0', credits('"has_credits":true,"unlimited":false,"balance":0'), bought('0')],
  ['a balance of true', credits('"has_credits":true,"unlimited":false,"balance":true'), bought(null)],
  ['no balance', credits('"has_credits":true,"unlimited":false'), bought(null)],
  [
    'odd message counts',
    credits('"has_credits":true,"unlimited":false,"approx_local_messages":"3"'),
    bought(null),
  ],
  ['credits without has_credits', credits('"unlimited":false,"balance":"1"'), {}],
  ['credits without unlimited', credits('"has_credits":true,"balance":"1"'), {}],
  ['credits with has_credits as text', credits('"has_credits":"true","unlimited":false'), {}],
  ['credits that are a list', '"credits":[true,false]', {}],
  ['spend control without reached', '"spend_control":{}', {}],
  ['spend control with reached as text', '"spend_control":{"reached":"true"}', {}],
  ['spend control that is true', '"spend_control":true', {}],
  ['a bare reached type', '"rate_limit_reached_type":"rate_limit_reached"', {}],
  ['a reached type of null', '"rate_limit_reached_type":{"type":null}', {}],
])('%s affects no other member', (_what, member, snapshot) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: `{${member},"account_id":"account-x"}` });
    expect(await read()).toEqual(answerWithCodex(snapshot, { accountId: 'account-x' }));
  }),
);

const individual = {
  limit: '10',
  used: '4',
  remaining: '6',
  used_percent: 40,
  remaining_percent: 60,
  reset_at: 9,
};
const shownIndividual = { limit: '10', used: '4', remainingPercent: 60, resetsAt: 9 };

/** The changed members of the individual limit, and the limit of the answer. */
test.each([
  ['whole', {}, shownIndividual],
  ['with amounts that are numbers', { limit: 10, used: 4.5 }, { ...shownIndividual, used: '4.5' }],
  ['with rounded numbers', { remaining_percent: 59.5, reset_at: '9.4' }, shownIndividual],
  ['without limit', { limit: undefined }, null],
  ['without used', { used: undefined }, null],
  ['without remaining_percent', { remaining_percent: undefined }, null],
  ['without reset_at', { reset_at: undefined }, null],
  ['with an unreadable remaining_percent', { remaining_percent: 'much' }, null],
])(
  'an individual limit %s does not affect the rest of the spend control',
  (_what, members, individualLimit) =>
    withAccount({}, async ({ backend, read }) => {
      const limit = { ...individual, ...members };
      backend.script('usage', { body: { spend_control: { reached: true, individual_limit: limit } } });
      expect(await read()).toEqual(answerWithCodex({ spendControlReached: true, individualLimit }));
    }),
);

test('only the bucket that cannot be read is dropped, and a missing name is null', () =>
  withAccount({}, async ({ backend, read }) => {
    const buckets = [
      null,
      'x',
      [],
      { limit_name: 'nameless' },
      { metered_feature: 7 },
      { metered_feature: 'kept' },
    ];
    backend.script('usage', { body: { additional_rate_limits: buckets } });
    const kept = { ...bareSnapshot, limitId: 'kept' };
    expect(await read()).toEqual(bareAnswer({ rateLimitsByLimitId: { codex: bareSnapshot, kept } }));
  }));

test.each([
  ['an object', {}],
  ['text', 'none'],
])('additional limits that are %s are ignored', (_what, limits) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { additional_rate_limits: limits } });
    expect(await read()).toEqual(bareAnswer());
  }),
);

test.each([
  ['missing', {}],
  ['null', { allowed: null }],
  ['text', { allowed: 'true' }],
])('with allowed %s only the permission is null', (_what, members) =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, read }) => {
    const window = { used_percent: 5, limit_window_seconds: 60, reset_at: 9 };
    backend.script('usage', {
      body: {
        account_id: 'account-dev',
        user_id: 'user-dev',
        rate_limit: { ...members, primary_window: window },
        rate_limit_upsell: 'yes',
      },
    });
    const primary = { usedPercent: 5, windowDurationMins: 1, resetsAt: 9 };
    expect(await read()).toEqual(
      answerWithCodex({ primary }, { accountId: 'account-dev', rateLimitUpsell: 'yes' }),
    );
  }),
);

test('an account id that is not text is null', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { account_id: 5, user_id: [] } });
    expect(await read()).toEqual(bareAnswer());
  }));

function credits(members: string): string {
  return `"credits":{${members}}`;
}

function bought(balance: string | null): object {
  return { credits: { hasCredits: true, unlimited: false, balance } };
}
