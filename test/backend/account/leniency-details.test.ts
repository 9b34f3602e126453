import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { bareAnswer } from '../../support/bare-answer.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const row = {
  id: 'a',
  reset_type: 'codex_rate_limits',
  status: 'available',
  granted_at: '1970-01-01T00:00:09Z',
};
const shownRow = {
  id: 'a',
  resetType: 'codexRateLimits',
  status: 'available',
  grantedAt: 9,
  expiresAt: null,
  title: null,
  description: null,
};
const second = { ...row, id: 'b' };
const shownSecond = { ...shownRow, id: 'b' };

/** Returns the reset credits of the answer to these bodies. */
async function summaryOf(usage: object, details: unknown): Promise<unknown> {
  let answer: unknown;
  await withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    backend.script('usage', { body: usage });
    backend.script('credits', { body: details });
    answer = await read({});
  });
  return answer;
}

/** The count of the usage body, of the details and of the answer. It is null if the answer has no summary. */
test.each([
  ['5', '2', 2],
  ['5', '0', 0],
  ['5', '-1', -1],
  ['5', '2.5', 3],
  ['5', '"2"', 2],
  ['5', '"many"', 5],
  ['5', 'null', 5],
  ['"5"', 'null', 5],
  ['4.5', 'null', 5],
  ['"many"', '2', 2],
  ['null', 'null', null],
  ['"many"', '"many"', null],
])('with a count of %s in the usage and of %s in the details there are %j', async (usage, details, count) => {
  const answer = await summaryOf(
    JSON.parse(`{"rate_limit_reset_credits":{"available_count":${usage}}}`) as object,
    `{"available_count":${details},"credits":[]}`,
  );
  const summary = count === null ? null : { availableCount: count, credits: [] };
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits: summary }));
});

/** The first row, and the rows of the answer for it. The second row is valid. */
test.each([
  ['null', null, []],
  ['text', 'a', []],
  ['a list', ['a'], []],
  ['without id', { ...row, id: undefined }, []],
  ['with an id that is not text', { ...row, id: 1 }, []],
  ['without granted_at', { ...row, granted_at: undefined }, []],
  ['with an unreadable granted_at', { ...row, granted_at: 'yesterday' }, []],
  ['with an empty id', { ...row, id: '' }, [{ ...shownRow, id: '' }]],
  ['with the same id as the other', { ...row, id: 'b' }, [shownSecond]],
  ['without expires_at', row, [shownRow]],
  ['with the expires_at null', { ...row, expires_at: null }, [shownRow]],
  ['with a title that is not text', { ...row, title: 1, description: [] }, [shownRow]],
  ['with empty texts', { ...row, title: '', description: '' }, [{ ...shownRow, title: '', description: '' }]],
  ['without status', { ...row, status: undefined }, [{ ...shownRow, status: 'unknown' }]],
  ['with a status that is not text', { ...row, status: 1 }, [{ ...shownRow, status: 'unknown' }]],
  ['without reset_type', { ...row, reset_type: undefined }, [{ ...shownRow, resetType: 'unknown' }]],
  ['with a reset_type that is not text', { ...row, reset_type: 1 }, [{ ...shownRow, resetType: 'unknown' }]],
])('a row %s does not affect other rows', async (_what, first, shown) => {
  const answer = await summaryOf({}, { available_count: 1, credits: [first, second] });
  const rateLimitResetCredits = { availableCount: 1, credits: [...shown, shownSecond] };
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits }));
});

test.each(['available', 'redeeming', 'redeemed', 'unknown'])('the status %s stays', async (status) => {
  const answer = await summaryOf({}, { available_count: 1, credits: [{ ...row, status }] });
  const rateLimitResetCredits = { availableCount: 1, credits: [{ ...shownRow, status }] };
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits }));
});

test('many rows keep their order', async () => {
  const ids = Array.from({ length: 500 }, (_, index) => `credit-${(index * 7) % 500}`);
  const answer = await summaryOf({}, { available_count: 0, credits: ids.map((id) => ({ ...row, id })) });
  const credits = ids.map((id) => ({ ...shownRow, id }));
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits: { availableCount: 0, credits } }));
});

test.each([
  ['a list', []],
  ['null', null],
  ['text', '"no"'],
  ['cut JSON', '{"available_count":1,"credits":['],
  ['empty', ''],
])('details that are %s count as failed', async (_what, details) => {
  const answer = await summaryOf({ rate_limit_reset_credits: { available_count: 5 } }, details);
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits: { availableCount: 5, credits: null } }));
});

test.each([null, undefined])('only the expiry %j means never', async (never) => {
  const credits = [
    { ...row, expires_at: 'soon' },
    { ...second, expires_at: never },
    { ...row, id: 'c', expires_at: 5 },
  ];
  const answer = await summaryOf({}, { available_count: 3, credits });
  const { expiresAt: _, ...unknown } = shownRow;
  expect(answer).toEqual(
    bareAnswer({
      rateLimitResetCredits: {
        availableCount: 3,
        credits: [shownSecond],
        creditsOfUnknownExpiry: [unknown, { ...unknown, id: 'c' }],
      },
    }),
  );
});

/** A time, and its Unix seconds. They are null if the time is not valid. */
test.each([
  ['2026-01-01T00:00:00Z', 1_767_225_600],
  ['2026-01-01t00:00:00z', 1_767_225_600],
  ['2026-01-01 00:00:00Z', 1_767_225_600],
  ['2026-01-01T00:00:00.999999999Z', 1_767_225_600],
  ['2026-01-01T01:30:00+01:30', 1_767_225_600],
  ['2025-12-31T16:00:00-08:00', 1_767_225_600],
  ['2026-01-01T00:00:00-00:00', 1_767_225_600],
  ['2025-12-31T23:59:60Z', 1_767_225_599],
  ['1970-01-01T00:00:00Z', 0],
  ['1969-12-31T23:59:59.5Z', -1],
  ['2024-02-29T00:00:00Z', 1_709_164_800],
  ['0001-01-01T00:00:00Z', -62_135_596_800],
  ['9999-12-31T23:59:59Z', 253_402_300_799],
  ['2026-01-01T00:00:00', null],
  ['2026-01-01', null],
  ['2026-01-01T00:00Z', null],
  ['2026-01-01T00:00:00+0000', null],
  ['2026-01-01T00:00:00+00', null],
  ['2026-01-01T00:00:00+24:00', null],
  ['2026-01-01T24:00:00Z', null],
  ['2026-02-30T00:00:00Z', null],
  ['2025-02-29T00:00:00Z', null],
  ['2026-13-01T00:00:00Z', null],
  ['2026-00-01T00:00:00Z', null],
  ['2026-01-00T00:00:00Z', null],
  ['2026-01-01T00:60:00Z', null],
  ['2026-01-01T00:00:61Z', null],
  [' 2026-01-01T00:00:00Z', null],
  ['2026-01-01T00:00:00Z ', null],
  ['2026-01-01T00:00:00Z\n', null],
  ['2026-01-01T00:00:00.Z', null],
  ['2026-01-01T00:00:00,5Z', null],
  ['2026-01-01_00:00:00Z', null],
  ['12026-01-01T00:00:00Z', null],
  ['+2026-01-01T00:00:00Z', null],
  ['1767225600', null],
  ['', null],
  ['never', null],
  [false, null],
  [{}, null],
  [1_767_225_600, null],
])('the expiry %j is %j', async (expiresAt, seconds) => {
  const answer = await summaryOf({}, { available_count: 1, credits: [{ ...row, expires_at: expiresAt }] });
  const { expiresAt: _, ...unknown } = shownRow;
  const rateLimitResetCredits =
    seconds === null
      ? { availableCount: 1, credits: null, creditsOfUnknownExpiry: [unknown] }
      : { availableCount: 1, credits: [{ ...shownRow, expiresAt: seconds }] };
  expect(answer).toEqual(bareAnswer({ rateLimitResetCredits }));
});
