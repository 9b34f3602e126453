import { describe, expect, test } from 'vitest';
import { startMs, withScenario } from '../fixture.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;

describe('windows', () => {
  test('redeeming empties both windows, gives them their full length and spends the credit', () =>
    withScenario('at-limit', async ({ consume, get }) => {
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 2 });
      expect(await get('usage')).toMatchObject({
        rate_limit: {
          allowed: true,
          limit_reached: false,
          primary_window: {
            used_percent: 0,
            limit_window_seconds: 18_000,
            reset_after_seconds: 18_000,
            reset_at: startMs / 1000 + 18_000,
          },
          secondary_window: {
            used_percent: 0,
            limit_window_seconds: 604_800,
            reset_after_seconds: 604_800,
            reset_at: startMs / 1000 + 604_800,
          },
        },
        rate_limit_reached_type: null,
        additional_rate_limits: [{ rate_limit: { primary_window: { used_percent: 10 } } }],
        rate_limit_reset_credits: { available_count: 1 },
      });
    }));

  test('a window fills again after a redemption', () =>
    withScenario('at-limit', async ({ consume, get, moveTo }) => {
      await consume({ redeem_request_id: 'k1' });
      moveTo(startMs + 20 * minuteMs);
      expect(await get('usage')).toMatchObject({
        rate_limit: { primary_window: { used_percent: 20 }, secondary_window: { used_percent: 2 } },
      });
    }));

  test('a window that is empty keeps its reset time and is not counted as reset', () =>
    withScenario('at-limit', async ({ consume, get, moveTo }) => {
      moveTo(startMs + 7_200_000 + 30_000);
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 1 });
      expect(await get('usage')).toMatchObject({
        rate_limit: { primary_window: { reset_at: startMs / 1000 + 7_200 + 18_000 } },
      });
    }));

  test('a plan with one window has one window reset', () =>
    withScenario('one-window', async ({ consume }) => {
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 1 });
    }));
});

describe('keys', () => {
  test('the same key is already redeemed the second time and spends nothing', () =>
    withScenario('at-limit', async ({ backend, consume, moveTo }) => {
      await consume({ redeem_request_id: 'k1' });
      moveTo(startMs + 30 * minuteMs);
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({
        code: 'already_redeemed',
        windows_reset: 0,
      });
      expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
    }));

  test('the same key naming another credit is already redeemed', () =>
    withScenario('at-limit', async ({ consume }) => {
      await consume({ redeem_request_id: 'k1' });
      expect(await consume({ redeem_request_id: 'k1', credit_id: 'credit-1' })).toEqual({
        code: 'already_redeemed',
        windows_reset: 0,
      });
    }));

  test('overlapping requests with one key redeem once', () =>
    withScenario('at-limit', async ({ backend, consume }) => {
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => consume({ redeem_request_id: 'k1' })),
      );
      const codes = replies.map((reply) => (reply as { code: string }).code).sort();
      expect(codes).toEqual([...Array.from({ length: 9 }, () => 'already_redeemed'), 'reset']);
      expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
    }));
});

describe('credits', () => {
  test('without a credit id the credit that expires soonest is used', () =>
    withScenario('at-limit', async ({ backend, consume }) => {
      await consume({ redeem_request_id: 'k1', credit_id: null });
      expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
    }));

  test('a credit id names the credit that is used', () =>
    withScenario('at-limit', async ({ backend, consume, get }) => {
      await consume({ redeem_request_id: 'k1', credit_id: 'credit-1' });
      expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-1']]);
      expect(await get('rate-limit-reset-credits')).toMatchObject({
        available_count: 1,
        credits: [
          { id: 'credit-1', status: 'redeemed' },
          { id: 'credit-2', status: 'available' },
        ],
      });
    }));

  test('an unknown credit id is answered no_credit although credits remain', () =>
    withScenario('at-limit', async ({ consume }) => {
      expect(await consume({ redeem_request_id: 'k1', credit_id: 'nope' })).toEqual({
        code: 'no_credit',
        windows_reset: 0,
      });
    }));

  test('the id of a redeemed credit is answered no_credit, even if there is nothing to reset', () =>
    withScenario('at-limit', async ({ consume }) => {
      await consume({ redeem_request_id: 'k1', credit_id: 'credit-2' });
      expect(await consume({ redeem_request_id: 'k2', credit_id: 'credit-2' })).toEqual({
        code: 'no_credit',
        windows_reset: 0,
      });
    }));

  test('the id of an expired credit is answered no_credit', () =>
    withScenario('at-limit', async ({ consume, moveTo }) => {
      moveTo(startMs + 3 * dayMs);
      expect(await consume({ redeem_request_id: 'k1', credit_id: 'credit-2' })).toEqual({
        code: 'no_credit',
        windows_reset: 0,
      });
    }));

  test('an expired credit is skipped when none is named', () =>
    withScenario('at-limit', async ({ backend, consume, moveTo }) => {
      moveTo(startMs + 3 * dayMs + 20 * minuteMs);
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 2 });
      expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-1']]);
    }));

  test('a plan without credits has none to redeem', () =>
    withScenario('no-credits', async ({ consume, get }) => {
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'no_credit', windows_reset: 0 });
      expect(await get('usage')).toMatchObject({ rate_limit: { primary_window: { used_percent: 40 } } });
    }));
});

describe('nothing to redeem', () => {
  test('nothing is reset and no credit spent while every window is empty', () =>
    withScenario('fresh', async ({ backend, consume }) => {
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({
        code: 'nothing_to_reset',
        windows_reset: 0,
      });
      expect([...backend.ledger.creditIdByKey]).toEqual([]);
    }));

  test('a key that found nothing to reset may still redeem later', () =>
    withScenario('fresh', async ({ consume, moveTo }) => {
      await consume({ redeem_request_id: 'k1' });
      moveTo(startMs + 20 * minuteMs);
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 2 });
    }));

  test('a key that found no credit may still redeem another one', () =>
    withScenario('at-limit', async ({ consume }) => {
      await consume({ redeem_request_id: 'k1', credit_id: 'nope' });
      expect(await consume({ redeem_request_id: 'k1' })).toEqual({ code: 'reset', windows_reset: 2 });
    }));
});

test('a redemption whose answer is lost uses its credit, and its key is answered after ten seconds', () =>
  withScenario('lost-consume', async ({ backend, consume, moveTo }) => {
    const attempt = { redeem_request_id: 'k1' };
    await expect(consume(attempt)).rejects.toThrow('fetch failed');
    moveTo(startMs + 9_999);
    await expect(consume(attempt)).rejects.toThrow('fetch failed');
    expect([...backend.ledger.creditIdByKey]).toEqual([['k1', 'credit-2']]);
    moveTo(startMs + 10_000);
    expect(await consume(attempt)).toEqual({ code: 'already_redeemed', windows_reset: 0 });
  }));

test('an attempt that redeems nothing is answered although redemptions are lost', () =>
  withScenario('lost-consume', async ({ consume }) => {
    expect(await consume({ redeem_request_id: 'k1', credit_id: 'nope' })).toEqual({
      code: 'no_credit',
      windows_reset: 0,
    });
  }));

test('a key with a name from the object prototype is an ordinary key', () =>
  withScenario('at-limit', async ({ consume }) => {
    expect(await consume({ redeem_request_id: 'constructor' })).toEqual({ code: 'reset', windows_reset: 2 });
  }));

test.each([
  ['cut JSON', '{"redeem_request_id":', 400],
  ['an empty body', '', 400],
  ['null', 'null', 422],
  ['a list', '[]', 422],
  ['no key', '{}', 422],
  ['an empty key', '{"redeem_request_id":""}', 422],
  ['a key that is not a string', '{"redeem_request_id":1}', 422],
  ['a credit id that is not a string', '{"redeem_request_id":"k1","credit_id":1}', 422],
  ['more than one mebibyte', `{"redeem_request_id":"${'k'.repeat(1_048_576)}"}`, 413],
])('%s is refused and redeems nothing', (_what, body, status) =>
  withScenario('at-limit', async ({ backend, consume }) => {
    expect(await consume(body)).toBe(status);
    expect([...backend.ledger.creditIdByKey]).toEqual([]);
  }),
);
